from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_seal_and_verify")]

    operations = [
        migrations.AddIndex(
            model_name="domainevent",
            index=models.Index(fields=["service_area_id", "verb", "-id"], name="event_area_verb"),
        )
    ]
