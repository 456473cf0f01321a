import comments.models
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("comments", "0003_page_cache_triggers"),
    ]

    operations = [
        migrations.AlterField(
            model_name="comment",
            name="public_id",
            field=models.CharField(
                default=comments.models.make_public_id, editable=False, max_length=10
            ),
        ),
        migrations.AddConstraint(
            model_name="comment",
            constraint=models.UniqueConstraint(
                fields=("public_id",), name="comment_public_id_is_unique"
            ),
        ),
    ]
