from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("blog", "0009_plain_titles_and_language_tags"),
    ]

    operations = [
        migrations.AlterField(
            model_name="image",
            name="digest",
            field=models.CharField(editable=False, max_length=32),
        ),
        migrations.AddConstraint(
            model_name="image",
            constraint=models.UniqueConstraint(
                fields=("digest",), name="image_digest_is_unique"
            ),
        ),
    ]
