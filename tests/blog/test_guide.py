from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from blog import guide
from core.embeds import PROVIDERS
from tests.core.markup.html_rules import broken_rules

pytestmark = pytest.mark.django_db


def test_source_stands_beside_its_result(client: Client) -> None:
    html = client.get("/how-to-write/").content.decode()

    assert '<h2 class="guide-chapter__title" id="formulas">Formulas</h2>' in html
    assert r"\frac{h}{w} = \frac{w}{h/2}" in html
    assert "<mfrac>" in html
    assert '<mark class="code-line" id="code-proof-py-L2">' in html


def test_picture_of_the_example_is_there(client: Client) -> None:
    html = client.get("/how-to-write/").content.decode()

    assert 'src="/static/images/share' in html
    assert 'src="/media/example.png"' not in html
    assert 'width="1200" height="630"' in html


def test_ids_are_unique(client: Client) -> None:
    ids = client.get("/how-to-write/").content.decode().split(' id="')[1:]
    names = [part.split('"')[0] for part in ids]

    assert len(names) == len(set(names))


def test_every_chapter_is_safe_html() -> None:
    for chapter in guide.chapters():
        assert broken_rules(chapter.result_html + chapter.source_html) == []


def test_every_provider_of_embeds_is_named() -> None:
    [about] = [c.about_html for c in guide.chapters() if "elsewhere" in c.title]

    assert [p.name for p in PROVIDERS if p.name not in about] == []


def test_page_costs_what_its_frame_costs(
    client: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(1):
        client.get("/how-to-write/")
