from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from django.contrib.staticfiles.finders import get_finder
from django.core.files.storage import FileSystemStorage
from django.core.management import call_command

from config.stylesheets import BundledSource, NestedImport, compact, rebase_urls

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_django.fixtures import Settings

FINDER = "django.contrib.staticfiles.finders.FileSystemFinder"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    for name in ("css/parts", "fonts", "js"):
        (folder / name).mkdir(parents=True)
    return folder


def collect(sources: Path, settings: Settings) -> dict[str, str]:
    """Collect as production does; the text of every built file by its plain name."""
    built = sources.parent / "built"
    settings.STATICFILES_DIRS = [sources]
    settings.STATICFILES_FINDERS = [FINDER]
    settings.STATIC_ROOT = built
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "config.storage.StaticStorage"}
    }
    get_finder.cache_clear()  # type: ignore[attr-defined]
    call_command("collectstatic", interactive=False, verbosity=0)
    get_finder.cache_clear()  # type: ignore[attr-defined]
    manifest = json.loads((built / "staticfiles.json").read_text())
    return {
        name: (built / hashed).read_text() for name, hashed in manifest["paths"].items()
    }


def test_stylesheet_holds_its_imports_inside_their_layers(
    sources: Path, settings: Settings
) -> None:
    (sources / "css/main.css").write_text(
        "@layer base, components;\n\n"
        '@import url("base.css") layer(base);\n'
        '@import url("button.css") layer(components);\n'
    )
    (sources / "css/base.css").write_text("p {\n  margin: 0;\n}\n")
    (sources / "css/button.css").write_text("/* Calm */\n.button {\n  color: red;\n}\n")

    files = collect(sources, settings)

    assert files["css/main.css"] == (
        "@layer base, components;\n"
        "@layer base {\np {\nmargin: 0;\n}\n}\n"
        "@layer components {\n.button {\ncolor: red;\n}\n}\n"
    )


def test_urls_inside_an_import_lead_to_hashed_files(
    sources: Path, settings: Settings
) -> None:
    (sources / "css/main.css").write_text(
        '@import url("parts/fonts.css") layer(base);\n'
    )
    (sources / "css/parts/fonts.css").write_text(
        '@font-face { src: url("../../fonts/a.woff2") }\n'
    )
    (sources / "fonts/a.woff2").write_text("font")

    files = collect(sources, settings)

    assert re.search(
        r'url\("\.\./fonts/a\.[0-9a-f]{12}\.woff2"\)', files["css/main.css"]
    )


def test_name_changes_when_an_import_changes(sources: Path, settings: Settings) -> None:
    (sources / "css/main.css").write_text('@import url("base.css") layer(base);\n')
    (sources / "css/base.css").write_text("p { margin: 0 }\n")
    collect(sources, settings)
    (sources / "css/base.css").write_text("p { margin: 1px }\n")

    collect(sources, settings)

    names = {path.name for path in (sources.parent / "built/css").glob("main.*.css")}
    assert len(names) == 2


def test_module_imports_another_by_its_hashed_name(
    sources: Path, settings: Settings
) -> None:
    (sources / "js/main.js").write_text(
        'import { say } from "./say.js";\nsay(() => import("./later.js"));\n'
    )
    (sources / "js/say.js").write_text("export function say() {}\n")
    (sources / "js/later.js").write_text("export const later = true;\n")

    files = collect(sources, settings)

    assert re.search(r'from "\./say\.[0-9a-f]{12}\.js"', files["js/main.js"])
    assert re.search(r'import\("\./later\.[0-9a-f]{12}\.js"\)', files["js/main.js"])


def test_compressed_twin_is_made_once_and_whole(
    sources: Path, settings: Settings
) -> None:
    (sources / "css/main.css").write_text("p { color: green }\n" * 50)
    collect(sources, settings)
    (twin,) = (sources.parent / "built/css").glob("main.*.css.br")
    made_at = twin.stat().st_mtime_ns, twin.stat().st_ino

    collect(sources, settings)

    assert (twin.stat().st_mtime_ns, twin.stat().st_ino) == made_at
    assert not list((sources.parent / "built").rglob("*.partial*"))


def test_import_of_an_import_is_refused(sources: Path) -> None:
    (sources / "css/main.css").write_text('@import url("a.css") layer(base);\n')
    (sources / "css/a.css").write_text('@import url("b.css");\n')
    source = BundledSource(FileSystemStorage(sources))

    with pytest.raises(NestedImport, match=r"css/a\.css, imported by css/main\.css"):
        source.open("css/main.css")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a {\n  color: red;\n}\n", "a {\ncolor: red;\n}\n"),
        ("/* one\n two */a {}\n", "a {}\n"),
        ('a { content: "/* kept */  " }\n', 'a { content: "/* kept */  " }\n'),
        ("a { content: '\\'/* kept */' }\n", "a { content: '\\'/* kept */' }\n"),
    ],
)
def test_compact_drops_what_nobody_reads(text: str, expected: str) -> None:
    assert compact(text) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ('url("x.png")', 'url("parts/x.png")'),
        ("url(../x.png)", 'url("x.png")'),
        ("url('/static/x.png')", "url('/static/x.png')"),
        ('url("data:image/png;base64,AA")', 'url("data:image/png;base64,AA")'),
        ('url("#mask")', 'url("#mask")'),
    ],
)
def test_urls_are_rebased_when_they_are_relative(url: str, expected: str) -> None:
    assert rebase_urls(url, "css/parts", "css") == expected
