from django.db import migrations

# Sessions from before were held, or are to be: nobody asked for a confirmation of them.
CONFIRMED = """
UPDATE training_session SET confirmed_at = cohort.created_at, confirmed_by_id = cohort.created_by_id
FROM training_cohort AS cohort WHERE cohort.id = training_session.cohort_id
"""


class Migration(migrations.Migration):
    dependencies = [("training", "0002_packages_and_registers")]

    operations = [migrations.RunSQL(CONFIRMED, migrations.RunSQL.noop)]
