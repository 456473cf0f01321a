from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("comments", "0010_opinions")]

    operations = [
        migrations.AddField(
            model_name="moderationentry",
            name="waited_for",
            field=models.CharField(
                blank=True,
                choices=[
                    ("address", "its guest to confirm the address"),
                    ("moderator", "a moderator's look"),
                    (
                        "reports",
                        "a moderator's look, since several people reported it",
                    ),
                ],
                help_text="Before.",
                max_length=10,
            ),
        ),
    ]
