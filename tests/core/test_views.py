from __future__ import annotations

import pytest
from django.test import Client

from accounts.services import make_owner_token
from blog import services
from tests.factories import make_post

pytestmark = pytest.mark.django_db


class TestPageNotFound:
    def test_token_without_its_slash_keeps_its_case(self, client: Client) -> None:
        link = services.create_preview_link(make_post(published_at=None), user=None)
        link.token = "-JAEw" + link.token[5:]
        link.save(force_insert=True)
        addresses = [f"/preview/{link.token}", f"/accounts/owner/{make_owner_token()}"]

        for address in addresses:
            moved = client.get(address)

            assert (moved.status_code, moved["Location"]) == (301, f"{address}/")
            assert client.get(moved["Location"]).status_code == 200
