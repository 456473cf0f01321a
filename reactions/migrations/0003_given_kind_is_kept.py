import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reactions", "0002_first_kinds")]

    operations = [
        migrations.AlterField(
            model_name="reaction",
            name="kind",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="reactions.reactionkind",
            ),
        ),
    ]
