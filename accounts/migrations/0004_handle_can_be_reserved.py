import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_page_cache_triggers")]

    operations = [
        migrations.AddField(
            model_name="userhandle",
            name="reserved_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="userhandle",
            name="user",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="handles",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.RunSQL(
            migrations.RunSQL.noop,
            "DELETE FROM accounts_userhandle WHERE user_id IS NULL",
        ),
        migrations.AddConstraint(
            model_name="userhandle",
            constraint=models.CheckConstraint(
                condition=models.Q(user__isnull=False, reserved_at=None)
                | models.Q(user=None, reserved_at__isnull=False),
                name="user_handle_is_had_or_reserved",
            ),
        ),
    ]
