from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

import pytest

from comments import services
from core.models import SiteSettings
from tests.concurrency import together
from tests.factories import make_comment

if TYPE_CHECKING:
    from django.test.client import _MonkeyPatchedWSGIResponse as Response

    from tests.conftest import Member

JSON = {"Accept": "application/json"}


def text(response: Response) -> str:
    assert "no-store" in response.headers["Cache-Control"]
    return response.content.decode()


def base_in(page: str) -> str:
    found = re.search(r'name="base" value="(\w+)"', page)
    assert found
    return found[1]


@pytest.mark.django_db
class TestNewerWords:
    def test_newer_words_are_not_written_over(self) -> None:
        comment = make_comment(body="First")
        base = services.fingerprint("First")
        services.edit_comment(comment, body="Second", base=base)

        with pytest.raises(services.NewerWords) as refused:
            services.edit_comment(comment, body="Third", base=base)

        comment.refresh_from_db()
        assert refused.value.words == comment.body == "Second"

    def test_the_same_sent_twice_is_one_edit(self) -> None:
        comment = make_comment(body="First")
        base = services.fingerprint("First")

        for _ in range(2):
            services.edit_comment(comment, body="Second", base=base)

        assert comment.revisions.count() == 1


@pytest.mark.django_db(transaction=True)
class TestAtTheSameTime:
    def test_of_many_edits_from_the_same_words_one_is_saved(self) -> None:
        comment = make_comment(body="First")
        base = services.fingerprint("First")

        failures = together(
            [
                partial(services.edit_comment, comment, body=f"Words {n}", base=base)
                for n in range(6)
            ]
        )

        assert [type(failure) for failure in failures] == [services.NewerWords] * 5
        assert comment.revisions.count() == 1


@pytest.mark.django_db
class TestCommentEdit:
    def test_form_says_whether_readers_will_know(self, member_client: Member) -> None:
        comment = make_comment(author=member_client.user)
        url = f"/comments/{comment.public_id}/edit/"

        early = text(member_client.get(url))
        SiteSettings.objects.create(pk=1, edit_minutes=0)
        late = text(member_client.get(url))

        assert "leaves no trace" in early
        assert "Everybody will be able to see what you changed" in late

    def test_words_that_are_newer_are_shown_beside_those_typed(
        self, member_client: Member
    ) -> None:
        comment = make_comment(author=member_client.user, body="First")
        url = f"/comments/{comment.public_id}/edit/"
        stale = {"body": "From this tab", "base": base_in(text(member_client.get(url)))}
        member_client.post(url, {"body": "From that tab"})

        refused = member_client.post(url, stale)

        comment.refresh_from_db()
        assert refused.status_code == 409
        assert "From this tab" in text(refused)
        assert "From that tab" in text(refused)
        assert comment.body == "From that tab"
        again = stale | {"base": base_in(text(refused))}
        assert member_client.post(url, again).status_code == 303
        comment.refresh_from_db()
        assert comment.body == "From this tab"

    def test_script_is_told_newer_words_and_how_to_go_on(
        self, member_client: Member
    ) -> None:
        comment = make_comment(author=member_client.user, body="Newer")
        url = f"/comments/{comment.public_id}/edit/"
        stale = {"body": "Typed", "base": services.fingerprint("Older")}

        refused = member_client.post(url, stale, headers=JSON)

        assert refused.status_code == 409
        assert "Newer" in refused.json()["errors"]["__all__"]
        again = member_client.post(url, stale | refused.json()["fields"], headers=JSON)
        assert again.status_code == 200
