from django.db import migrations

# What was replaced before there was a history stays unseen, as its writers knew it; and
# "edited" is said only where a history tells what.
FORGET = "UPDATE comments_comment SET edited_at = NULL WHERE edited_at IS NOT NULL"


class Migration(migrations.Migration):
    dependencies = [("comments", "0008_words_are_kept_for_a_while")]

    operations = [migrations.RunSQL(FORGET, migrations.RunSQL.noop)]
