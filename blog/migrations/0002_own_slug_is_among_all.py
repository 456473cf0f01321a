from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("blog", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE blog_post
                ADD CONSTRAINT post_slug_is_among_all
                FOREIGN KEY (id, slug) REFERENCES blog_postslug (post_id, slug)
                DEFERRABLE INITIALLY DEFERRED;
            ALTER TABLE blog_tag
                ADD CONSTRAINT tag_slug_is_among_all
                FOREIGN KEY (id, slug) REFERENCES blog_tagslug (tag_id, slug)
                DEFERRABLE INITIALLY DEFERRED;
            """,
            """
            ALTER TABLE blog_post DROP CONSTRAINT post_slug_is_among_all;
            ALTER TABLE blog_tag DROP CONSTRAINT tag_slug_is_among_all;
            """,
        )
    ]
