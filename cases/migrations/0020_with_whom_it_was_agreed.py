from django.db import migrations

# Agreements from before each person responsible had their own: with the only one of the case. Where there are several nobody
# can know, and the page says so.
WITH_THE_ONLY_ONE = """
UPDATE cases_agreement SET party_id = only_one.id
FROM (
    SELECT min(id::text)::uuid AS id, case_id FROM cases_participant
    WHERE role = 'person_responsible' GROUP BY case_id HAVING count(*) = 1
) AS only_one
WHERE cases_agreement.party_id IS NULL
  AND cases_agreement.case_id = only_one.case_id
  AND NOT EXISTS (
      SELECT 1 FROM cases_agreement AS theirs
      WHERE theirs.party_id = only_one.id AND theirs.round = cases_agreement.round
  )
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0019_overrides")]

    operations = [migrations.RunSQL(WITH_THE_ONLY_ONE, migrations.RunSQL.noop)]
