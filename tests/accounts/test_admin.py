from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from accounts import services
from accounts.models import User
from accounts.roles import Role
from tests import factories
from tests.conftest import Member

if TYPE_CHECKING:
    from django.test import Client

pytestmark = pytest.mark.django_db


def address(user: User) -> str:
    return f"/admin/accounts/user/{user.pk}/change/"


def typed(user: User, **changes: Any) -> dict[str, Any]:
    fields = {
        "handle": user.handle,
        "display_name": user.display_name,
        "bio": user.bio,
        "links": "",
        "is_active": "on",
    }
    return fields | changes


class TestUserAdmin:
    def test_gives_and_takes_roles_and_the_key(self, owner_client: Member) -> None:
        user = factories.make_user()

        owner_client.post(address(user), typed(user, roles=["Author", "Editor"]))
        user.refresh_from_db()
        assert user.is_staff
        assert {group.name for group in user.groups.all()} == {"Author", "Editor"}

        owner_client.post(address(user), typed(user, roles=[]))
        assert User.objects.filter(pk=user.pk, is_staff=False).exists()
        assert not user.groups.exists()

    def test_a_new_handle_leaves_the_old_one_leading_here(
        self, owner_client: Member, client: Client
    ) -> None:
        user = factories.make_author(handle="ada")

        owner_client.post(address(user), typed(user, handle="lovelace"))

        user.refresh_from_db()
        assert user.handle == "lovelace"
        moved = client.get("/@ada/")
        assert (moved.status_code, moved["Location"]) == (301, "/@lovelace/")

    @pytest.mark.parametrize("handle", ["admin", "taken", "Ünicode", "x"])
    def test_refuses_a_handle_that_cannot_be(
        self, owner_client: Member, handle: str
    ) -> None:
        factories.make_user(handle="taken")
        user = factories.make_user(handle="ada")

        response = owner_client.post(address(user), typed(user, handle=handle))

        user.refresh_from_db()
        assert response.status_code == 200
        assert user.handle == "ada"

    def test_keeps_links_that_lead_somewhere(self, owner_client: Member) -> None:
        user = factories.make_user()
        links = "https://example.org/me My page\n\nhttp://example.org"

        owner_client.post(address(user), typed(user, links=links))

        user.refresh_from_db()
        assert user.links == [
            {"url": "https://example.org/me", "label": "My page"},
            {"url": "http://example.org", "label": "http://example.org"},
        ]
        page = owner_client.get(address(user)).content
        assert b"https://example.org/me My page" in page

    def test_refuses_links_that_run(self, owner_client: Member) -> None:
        user = factories.make_user()

        owner_client.post(address(user), typed(user, links="javascript:alert(1) x"))

        user.refresh_from_db()
        assert user.links == []

    def test_changes_nothing_else(self, owner_client: Member) -> None:
        user = factories.make_user()
        forged = {"is_superuser": "on", "email": "x@example.org", "is_staff": "on"}

        owner_client.post(address(user), typed(user) | forged)

        changed = User.objects.get(pk=user.pk)
        assert (changed.is_superuser, changed.is_staff) == (False, False)
        assert changed.email == user.email

    @pytest.mark.parametrize("role", list(Role))
    def test_is_the_owners_alone(self, client: Client, role: Role) -> None:
        user = services.grant_role(factories.make_user(), role)
        client.force_login(user)

        assert client.get("/admin/accounts/user/").status_code == 403
        assert client.post(address(user), typed(user)).status_code == 403


class TestSiteSettingsAdmin:
    def test_there_is_one_row_from_the_first_look(self, owner_client: Member) -> None:
        page = owner_client.get("/admin/core/sitesettings/", follow=True)

        assert page.redirect_chain[-1][0] == "/admin/core/sitesettings/1/change/"
        assert b"Byline" in page.content

    def test_the_owner_renames_the_blog(
        self, owner_client: Member, client: Client
    ) -> None:
        owner_client.get("/admin/core/sitesettings/")

        owner_client.post(
            "/admin/core/sitesettings/1/change/",
            {"title": "Elsewhere", "comment_policy": "closed", "edit_minutes": "30"},
        )

        assert b"Elsewhere" in client.get("/").content

    def test_editors_do_not(self, editor_client: Member) -> None:
        assert editor_client.get("/admin/core/sitesettings/").status_code == 403
