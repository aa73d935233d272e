import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_sent_forms'),
        ('training', '0004_award_withdrawn'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='briefed',
            name='session',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='came_from', to='training.session'),
        ),
        migrations.AlterField(
            model_name='briefed',
            name='organisation',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='briefings', to='accounts.organisation'),
        ),
        migrations.AddConstraint(
            model_name='briefed',
            constraint=models.CheckConstraint(condition=models.Q(('organisation__isnull', False), ('local_area__isnull', False), _connector='OR'), name='briefed_of_somewhere'),
        ),
    ]
