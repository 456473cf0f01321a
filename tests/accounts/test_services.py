from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.db import IntegrityError, connections, transaction

from accounts import services
from accounts.models import User
from accounts.permissions import is_member
from accounts.roles import PERMISSIONS, Role, sync_roles
from tests.factories import make_owner, make_stranger, make_user

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.django_db


class TestRegister:
    def test_stores_address_and_handle_in_lower_case(self) -> None:
        user = services.register(email="Ada@X.org", handle="ADA", password=None)

        assert (user.email, user.handle) == ("ada@x.org", "ada")
        assert [past.handle for past in user.handles.all()] == ["ada"]
        assert not user.has_usable_password()

    def test_says_what_is_taken_without_regard_to_case(self) -> None:
        make_user(email="ada@example.org", handle="ada")

        with pytest.raises(services.EmailTaken):
            services.register(email="ADA@example.org", handle="b_b", password=None)
        with pytest.raises(services.HandleTaken):
            services.register(email="b@example.org", handle="ADA", password=None)

        assert User.objects.count() == 1


class TestConstraints:
    @pytest.mark.parametrize("handle", ["Ada", "a", "a-b", "a" * 31, "ad\n"])
    def test_malformed_handle_is_refused_by_the_database(self, handle: str) -> None:
        user = make_user()

        with (
            pytest.raises(Exception, match=r"well_formed|too long"),
            transaction.atomic(),
        ):
            User.objects.filter(pk=user.pk).update(handle=handle)

    def test_address_is_unique_without_regard_to_case(self) -> None:
        make_user(email="ada@example.org")
        other = make_user()

        with pytest.raises(IntegrityError, match="user_email_is_unique"):
            User.objects.filter(pk=other.pk).update(email="ADA@example.org")

    @pytest.mark.django_db(transaction=True)
    def test_handle_must_be_among_ones_own(self) -> None:
        user = make_user()

        with pytest.raises(IntegrityError, match="user_handle_is_among_all"):
            User.objects.filter(pk=user.pk).update(handle="elsewhere")


class TestChangeHandle:
    def test_same_handle_changes_nothing(self) -> None:
        user = make_user(handle="ada")

        services.change_handle(user, "Ada")

        assert user.handles.count() == 1

    def test_past_handle_of_another_is_taken(self) -> None:
        first, second = make_user(handle="ada"), make_user(handle="bob")
        services.change_handle(first, "countess")

        with pytest.raises(services.HandleTaken):
            services.change_handle(second, "ada")

    @pytest.mark.django_db(transaction=True)
    def test_of_two_who_want_one_at_once_one_gets_it(self) -> None:
        users = [make_user(handle="ada"), make_user(handle="bob")]
        gate = threading.Barrier(2)
        refused: list[str] = []

        def run(user: User) -> None:
            try:
                gate.wait()
                services.change_handle(user, "wanted")
            except services.HandleTaken:
                refused.append(user.handle)
            finally:
                connections.close_all()

        threads = [threading.Thread(target=run, args=[user]) for user in users]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

        assert len(refused) == 1
        assert User.objects.filter(handle="wanted").count() == 1


class TestRoles:
    @pytest.mark.parametrize("role", list(Role))
    def test_migrating_makes_every_role_with_all_its_permissions(
        self, role: Role
    ) -> None:
        group = Group.objects.get(name=role.value)

        names = {
            f"{permission.content_type.app_label}.{permission.codename}"
            for permission in group.permissions.select_related("content_type")
        }
        assert names == PERMISSIONS[role]

    def test_are_mended_by_the_next_migration(self) -> None:
        Group.objects.get(name="Author").permissions.clear()

        sync_roles()

        assert Group.objects.get(name="Author").permissions.exists()

    def test_open_and_close_the_desk(self) -> None:
        user = make_user()

        services.grant_role(user, Role.AUTHOR)
        services.grant_role(user, Role.MODERATOR)
        services.revoke_role(user, Role.AUTHOR)
        assert User.objects.get(pk=user.pk).is_staff

        services.revoke_role(user, Role.MODERATOR)
        assert not User.objects.get(pk=user.pk).is_staff

    def test_never_lock_the_owner_out(self) -> None:
        owner = make_owner()
        services.grant_role(owner, Role.AUTHOR)

        services.revoke_role(owner, Role.AUTHOR)

        assert User.objects.get(pk=owner.pk).is_staff

    def test_are_logged(self, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.INFO, "byline.accounts")
        user = make_user()

        services.grant_role(user, Role.EDITOR)

        assert '"role": "Editor"' in caplog.text
        assert f'"user": {user.pk}' in caplog.text


class TestIsMember:
    def test_needs_an_active_account_with_a_confirmed_address(self) -> None:
        assert is_member(make_user())
        assert not is_member(make_stranger())
        assert not is_member(make_user(is_active=False))
        assert not is_member(AnonymousUser())

    def test_asks_once(self, django_assert_num_queries: Callable[..., object]) -> None:
        user = User.objects.get(pk=make_user().pk)

        with django_assert_num_queries(1):  # type: ignore[attr-defined]
            assert is_member(user)
            assert is_member(user)

    def test_confirming_twice_is_confirming_once(self) -> None:
        user = make_stranger()

        services.confirm_address(user)
        services.confirm_address(user)

        assert is_member(user)
        assert user.emailaddress_set.count() == 1  # type: ignore[attr-defined]
