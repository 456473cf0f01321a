import django.core.validators
from django.db import migrations, models

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
LANGUAGE = r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"


class Migration(migrations.Migration):
    dependencies = [("blog", "0008_page_cache_triggers")]

    operations = [
        migrations.RunSQL(
            [
                # What is checked at the end of the transaction would stand in the way
                # of changing the table.
                "SET CONSTRAINTS ALL IMMEDIATE",
                (
                    "UPDATE blog_post SET title ="
                    " coalesce(nullif(translate(title, %s, ''), ''), slug)"
                    " WHERE title ~ %s",
                    [BIDI, f"[{BIDI}]"],
                ),
                (
                    "UPDATE blog_revision SET title = translate(title, %s, '')"
                    " WHERE title ~ %s",
                    [BIDI, f"[{BIDI}]"],
                ),
                (
                    "UPDATE blog_post SET language = 'en' WHERE language !~ %s",
                    [f"^{LANGUAGE}$"],
                ),
            ],
            migrations.RunSQL.noop,
        ),
        migrations.AlterField(
            model_name="post",
            name="language",
            field=models.CharField(
                default="en",
                help_text="A language tag: en, de, pt-BR.",
                max_length=12,
                validators=[
                    django.core.validators.RegexValidator(
                        rf"\A{LANGUAGE}\Z",
                        "A language tag looks like en, de or pt-BR.",
                    )
                ],
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=models.Q(language__regex=rf"^{LANGUAGE}$"),
                name="post_language_is_a_tag",
            ),
        ),
        migrations.AddConstraint(
            model_name="post",
            constraint=models.CheckConstraint(
                condition=~models.Q(title__regex=f"[{BIDI}]"),
                name="post_title_has_no_bidi_control",
            ),
        ),
    ]
