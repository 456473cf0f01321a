from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("comments", "0011_log_knows_what_was_waited_for")]

    operations = [
        AddIndexConcurrently(
            model_name="comment",
            index=models.Index(
                condition=models.Q(("state__in", ["spam", "removed"])),
                fields=["state", "-state_changed_at"],
                name="comment_taken_away",
            ),
        ),
    ]
