from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("comments", "0001_initial")]

    operations = [
        AddIndexConcurrently(
            model_name="comment",
            index=models.Index(
                fields=["renderer_version", "id"], name="comment_oldest_html"
            ),
        ),
    ]
