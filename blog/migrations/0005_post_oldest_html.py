from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("blog", "0004_imported_file")]

    operations = [
        AddIndexConcurrently(
            model_name="post",
            index=models.Index(
                fields=["renderer_version", "id"], name="post_oldest_html"
            ),
        ),
    ]
