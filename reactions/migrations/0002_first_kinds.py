from django.db import migrations

KINDS = [
    ("love", "💖", "Love it", 1),
    ("strong", "💪", "Strong", 1),
    ("disagree", "🙅", "I disagree", -1),
]


def add_kinds(apps, schema_editor):
    kind = apps.get_model("reactions", "ReactionKind")
    for position, (slug, emoji, label, weight) in enumerate(KINDS):
        kind.objects.create(
            slug=slug, emoji=emoji, label=label, weight=weight, position=position
        )


class Migration(migrations.Migration):
    dependencies = [("reactions", "0001_initial")]

    operations = [migrations.RunPython(add_kinds, migrations.RunPython.noop)]
