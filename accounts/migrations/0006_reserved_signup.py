import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_plain_display_names")]

    operations = [
        migrations.CreateModel(
            name="ReservedSignup",
            fields=[
                (
                    "handle",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="signup",
                        serialize=False,
                        to="accounts.userhandle",
                    ),
                ),
                ("password", models.CharField(max_length=128)),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="reserved_signups",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["password"], name="reserved_signup_password")
                ],
            },
        ),
    ]
