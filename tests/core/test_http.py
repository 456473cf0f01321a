from __future__ import annotations

import pytest
from django.test import Client

from core.http import prefers_json
from core.pagecache.refusals import refusal

JSON = [
    "application/json",
    "APPLICATION/JSON",
    "application/json;charset=utf-8",
    'application/json; charset="utf-8"; version=1',
    "application/json;charset=utf-8, */*",
    "application/json;charset=utf-8, text/plain, */*;q=0.5",
    "text/html;q=0.8, application/json;q=0.9",
    "text/html;level=1;q=0.8, application/json;charset=utf-8;q=0.9",
    "application/json, text/html",
    "application/*",
]
HTML = [
    "",
    "*/*",
    "text/html",
    "text/html;charset=utf-8, application/json;q=0.9",
    "text/html, application/json",
    "text/html, application/json;charset=utf-8",
    "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "application/json;q=0",
    "application/json;charset=utf-8;q=0, text/html",
    "application/ld+json",
    "application/jsonlines",
    "application/json-seq, text/html;q=0.1",
    "text/plain",
    ",;,/",
    "application/json;x*=nope''y",
    "text/html;x*=nope''y, text/plain",
]


@pytest.mark.parametrize("accept", JSON)
def test_script_that_names_json_gets_it(accept: str) -> None:
    assert prefers_json(accept)
    assert content_type(accept) == b"application/json"


@pytest.mark.parametrize("accept", HTML)
def test_others_get_a_page(accept: str) -> None:
    assert not prefers_json(accept)
    assert content_type(accept) == b"text/plain; charset=utf-8"


def content_type(accept: str) -> bytes:
    """Of what is said before Django is asked."""
    said = refusal(413, "Too large.", accept=accept.encode())
    return dict(said.headers)[b"content-type"]


@pytest.mark.django_db
def test_act_is_answered_in_json_however_it_is_spelled(client: Client) -> None:
    spelled = {"Accept": "application/json;charset=utf-8"}

    said = client.post("/posts/nowhere/side/", headers=spelled)

    assert said.status_code == 404
    assert "__all__" in said.json()["errors"]
