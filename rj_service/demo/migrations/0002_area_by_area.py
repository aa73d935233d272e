from django.db import migrations, models


def split(apps, schema_editor):
    """A run of both areas becomes one of each, as far as it was."""
    runs = apps.get_model("demo", "DemoRun")
    for run in runs.objects.filter(hub_files=""):
        runs.objects.create(
            area="durham", state=run.state, months_done=run.months_done // 2, finished_at=run.finished_at
        )
        runs.objects.filter(pk=run.pk).update(months_done=(run.months_done + 1) // 2)


class Migration(migrations.Migration):
    dependencies = [("demo", "0001_initial")]

    operations = [
        migrations.AddField("demorun", "area", models.SlugField(default="cambridgeshire"), preserve_default=False),
        migrations.RunPython(split, migrations.RunPython.noop, elidable=True),
    ]
