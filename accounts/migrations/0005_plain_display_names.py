from django.db import migrations, models

BIDI = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"


class Migration(migrations.Migration):
    dependencies = [("accounts", "0004_handle_can_be_reserved")]

    operations = [
        migrations.RunSQL(
            [
                # What is checked at the end of the transaction would stand in the way
                # of changing the table.
                "SET CONSTRAINTS ALL IMMEDIATE",
                (
                    "UPDATE accounts_user"
                    " SET display_name = translate(display_name, %s, '')"
                    " WHERE display_name ~ %s",
                    [BIDI, f"[{BIDI}]"],
                )
            ],
            migrations.RunSQL.noop,
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=~models.Q(display_name__regex=f"[{BIDI}]"),
                name="user_display_name_has_no_bidi_control",
            ),
        ),
    ]
