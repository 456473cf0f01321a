from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.template import engines

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    str(path.relative_to(ROOT / "templates"))
    for path in (ROOT / "templates").rglob("*.*")
)


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


@pytest.mark.parametrize("name", TEMPLATES)
def test_template_compiles(name: str) -> None:
    assert engines["django"].get_template(name) is not None


def test_every_setting_is_documented() -> None:
    source = (ROOT / "config/settings.py").read_text()
    documented = (ROOT / "docs/howto/settings.md").read_text()
    names = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source)) | {"SECRET_KEY"}

    assert len(names) > 5
    assert [name for name in names if f"`{name}`" not in documented] == []


def test_templates_hold_nothing_the_policy_forbids() -> None:
    inline = re.compile(r'\sstyle="|\son[a-z]+="|<script(?![^>]*\ssrc=)|<style')
    # A mail has no policy, and its readers know no other way to set it.
    of_mail = re.compile(r'\son[a-z]+="|<script')

    found = [
        path.name
        for path in (ROOT / "templates").rglob("*.html")
        if (of_mail if path.parent.name in {"email", "mail"} else inline).search(
            path.read_text()
        )
    ]

    assert found == []


def test_deployment_check_is_clean() -> None:
    environment = os.environ | {
        "BYLINE_ORIGIN": "https://blog.example",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "SECRET_KEY": "".join(chr(33 + n % 90) for n in range(0, 7 * 60, 7)),
        "EMAIL_URL": "smtp://mail.example",
    }

    result = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert (result.returncode, result.stderr) == (0, "")
