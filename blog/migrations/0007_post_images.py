from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("blog", "0006_image_avif_widths")]

    operations = [
        migrations.AddField(
            model_name="post",
            name="images",
            field=models.ManyToManyField(
                editable=False, related_name="posts", to="blog.image"
            ),
        ),
    ]
