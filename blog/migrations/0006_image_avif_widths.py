from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0005_post_oldest_html")]

    operations = [
        migrations.AddField(
            model_name="image",
            name="avif_widths",
            field=models.JSONField(editable=False, null=True),
        ),
    ]
