from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounts", "0001_initial")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE accounts_userhandle
                ADD CONSTRAINT user_handle_pair UNIQUE (user_id, handle);
            ALTER TABLE accounts_user
                ADD CONSTRAINT user_handle_is_among_all
                FOREIGN KEY (id, handle)
                REFERENCES accounts_userhandle (user_id, handle)
                DEFERRABLE INITIALLY DEFERRED;
            """,
            """
            ALTER TABLE accounts_user DROP CONSTRAINT user_handle_is_among_all;
            ALTER TABLE accounts_userhandle DROP CONSTRAINT user_handle_pair;
            """,
        )
    ]
