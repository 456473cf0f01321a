from django.db import migrations

# What `comments.services.submit_comment` notes for a new reply, for those that are there.
FILL = """
    WITH RECURSIVE tree AS (
        SELECT id, ARRAY[]::bigint[] AS ancestors
        FROM comments_comment WHERE parent_id IS NULL
        UNION ALL
        SELECT c.id, (tree.ancestors || tree.id)[1:3]
        FROM comments_comment c JOIN tree ON c.parent_id = tree.id
    )
    UPDATE comments_comment c SET ancestors = tree.ancestors
    FROM tree WHERE tree.id = c.id AND cardinality(tree.ancestors) > 0
"""


class Migration(migrations.Migration):
    dependencies = [("comments", "0005_conversation")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
