from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from django.test import Client

from blog import services as blog_services
from blog.models import Post
from comments import moderation
from comments.models import Comment, Report
from tests.conftest import Member, signed_in, without_mark
from tests.factories import (
    make_comment,
    make_moderator,
    make_post,
    make_stranger,
    make_user,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test.client import _MonkeyPatchedWSGIResponse as Response

pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


def text(response: Response) -> str:
    assert response.headers["Cache-Control"].find("no-store") >= 0
    return response.content.decode()


class TestCommentCreate:
    def test_form_has_token_and_key(self, member_client: Member) -> None:
        make_post(slug="talk")

        page = text(member_client.get("/posts/talk/comments/new/"))

        assert 'name="csrfmiddlewaretoken"' in page
        assert 'name="key"' in page
        assert "data-fragment" in page

    def test_member_comments_and_lands_at_it(self, member_client: Member) -> None:
        make_post(slug="talk")

        response = member_client.post(
            "/posts/talk/comments/new/", {"body": "Well **said**", "key": "k1"}
        )

        comment = Comment.objects.get()
        assert response.status_code == 303
        landed = without_mark(response["Location"])
        assert landed == f"/posts/talk/#comment-{comment.public_id}"
        assert comment.author == member_client.user
        assert "<strong>said</strong>" in comment.body_html

    def test_script_gets_json(self, member_client: Member) -> None:
        make_post(slug="talk")

        response = member_client.post(
            "/posts/talk/comments/new/", {"body": "Yes", "key": "k"}, headers=JSON
        )

        comment = Comment.objects.get()
        assert response.status_code == 200
        landed = without_mark(response.json()["url"])
        assert landed == f"/posts/talk/#comment-{comment.public_id}"

    def test_same_key_twice_leads_to_the_same(self, member_client: Member) -> None:
        make_post(slug="talk")
        data = {"body": "Once", "key": "same"}

        first = member_client.post("/posts/talk/comments/new/", data)
        second = member_client.post("/posts/talk/comments/new/", data)

        assert without_mark(first["Location"]) == without_mark(second["Location"])
        assert Comment.objects.count() == 1

    def test_reply_stands_under_its_parent(self, member_client: Member) -> None:
        parent = make_comment(make_post(slug="talk"))
        page = text(
            member_client.get(f"/posts/talk/comments/new/?parent={parent.public_id}")
        )
        assert f'value="{parent.public_id}"' in page

        member_client.post(
            "/posts/talk/comments/new/",
            {"body": "No", "parent": parent.public_id, "key": "k"},
        )

        assert Comment.objects.get(author=member_client.user).parent == parent

    def test_preview_without_script_stores_nothing(self, member_client: Member) -> None:
        make_post(slug="talk")

        response = member_client.post(
            "/posts/talk/comments/new/",
            {"body": "*Soon*", "key": "k-1", "preview": "1"},
        )

        assert response.status_code == 200
        assert "<em>Soon</em>" in text(response)
        assert 'value="k-1"' in text(response)
        assert not Comment.objects.exists()

    @pytest.mark.parametrize(
        ("body", "said"),
        [
            ("", "Write a few words first."),
            ("  \n ", "Write a few words first."),
            ("x" * 20_001, "20000 are the most"),
            ("Nul \0 here", "cannot be stored"),
            ("[x]: http://example.org", "Nothing of this would be seen"),
        ],
    )
    def test_bad_text_is_told_at_the_field_and_kept(
        self, member_client: Member, body: str, said: str
    ) -> None:
        make_post(slug="talk")

        response = member_client.post("/posts/talk/comments/new/", {"body": body})
        as_json = member_client.post(
            "/posts/talk/comments/new/", {"body": body}, headers=JSON
        )

        assert response.status_code == as_json.status_code == 422
        assert said in text(response)
        assert body.strip()[:4] in text(response)
        assert said in as_json.json()["errors"]["body"][0]
        assert not Comment.objects.exists()

    def test_line_ends_count_as_one_character(self, member_client: Member) -> None:
        make_post(slug="talk")

        response = member_client.post(
            "/posts/talk/comments/new/", {"body": "Some longer line.\r\n" * 1_050}
        )

        assert response.status_code == 303

    def test_stranger_who_writes_gets_the_text_back(self, client: Client) -> None:
        make_post(slug="talk")

        response = client.post("/posts/talk/comments/new/", {"body": "My long text"})
        as_json = client.post("/posts/talk/comments/new/", {"body": "x"}, headers=JSON)

        assert response.status_code == as_json.status_code == 403
        assert "My long text" in text(response)
        assert "/accounts/login/?next=" in text(response)
        assert as_json.json()["errors"]["__all__"]

    def test_stranger_who_replies_is_led_back_to_the_reply(
        self, member_client: Member, client: Client
    ) -> None:
        parent = make_comment(make_post(slug="talk"))
        address = f"/posts/talk/comments/new/?parent={parent.public_id}"
        assert f'action="{address}"' in text(member_client.get(address))

        response = client.post(address, {"body": "No", "parent": parent.public_id})

        door = f"/accounts/login/?{urlencode({'next': address})}"
        assert f'href="{door}"' in text(response)
        assert f'href="{address}"' in text(response)

    def test_unconfirmed_member_may_not(self) -> None:
        make_post(slug="talk")
        client = signed_in(make_stranger())

        response = client.post("/posts/talk/comments/new/", {"body": "My text"})

        assert response.status_code == 403
        assert "My text" in text(response)

    @pytest.mark.parametrize(
        "change", [blog_services.delete_post, blog_services.unpublish_post]
    )
    def test_post_that_went_away_gives_the_text_back(
        self, member_client: Member, change: Callable[[Post], Post]
    ) -> None:
        change(make_post(slug="talk"))

        response = member_client.post(
            "/posts/talk/comments/new/", {"body": "My long text"}
        )

        assert response.status_code == 404
        assert "My long text" in text(response)

    def test_closed_comments_give_the_text_back(self, member_client: Member) -> None:
        make_post(slug="talk", comment_policy="closed")

        response = member_client.post(
            "/posts/talk/comments/new/", {"body": "My long text"}
        )

        assert response.status_code == 403
        assert "My long text" in text(response)
        assert member_client.get("/posts/talk/comments/new/").status_code == 403

    @pytest.mark.parametrize("parent", ["hidden", "elsewhere", "unknown", "nul"])
    def test_parent_that_is_not_there_gives_the_text_back(
        self, member_client: Member, parent: str
    ) -> None:
        post = make_post(slug="talk")
        hidden = moderation.delete_comment(make_comment(post))
        public_id = {
            "hidden": hidden.public_id,
            "elsewhere": make_comment().public_id,
            "unknown": "aaaaaaaaaa",
            "nul": "a\0",
        }[parent]

        response = member_client.post(
            "/posts/talk/comments/new/", {"body": "My answer", "parent": public_id}
        )

        assert response.status_code == 409
        assert "My answer" in text(response)
        assert text(response).count('href="/posts/talk/comments/new/"') == 1
        assert not Comment.objects.filter(author=member_client.user).exists()

    def test_form_for_a_hidden_parent_is_not_found(self, member_client: Member) -> None:
        parent = moderation.remove_comment(make_comment(make_post(slug="talk")))

        response = member_client.get(
            f"/posts/talk/comments/new/?parent={parent.public_id}"
        )

        assert response.status_code == 404

    def test_old_slug_redirects_and_takes_posts(self, member_client: Member) -> None:
        post = make_post(slug="old")
        blog_services.save_post(Post.objects.get(pk=post.pk), editor=None, slug="new")

        looked = member_client.get("/posts/old/comments/new/")
        wrote = member_client.post("/posts/old/comments/new/", {"body": "Hi"})

        assert looked["Location"] == "/posts/new/comments/new/"
        assert without_mark(wrote["Location"]).startswith("/posts/new/#comment-")

    def test_many_in_a_minute_are_too_many_and_the_text_is_kept(
        self, member_client: Member
    ) -> None:
        make_post(slug="talk")
        for n in range(12):
            member_client.post("/posts/talk/comments/new/", {"body": f"Number {n}"})

        response = member_client.post("/posts/talk/comments/new/", {"body": "One more"})

        assert response.status_code == 429
        assert int(response.headers["Retry-After"]) > 0
        assert "One more" in text(response)
        assert Comment.objects.count() == 12

    def test_missing_token_gives_the_text_back(self) -> None:
        make_post(slug="talk")
        client = Client(enforce_csrf_checks=True)
        client.force_login(make_user())

        response = client.post("/posts/talk/comments/new/", {"body": "My long text"})

        assert response.status_code == 403
        assert "My long text" in text(response)

    def test_other_methods_are_refused(self, member_client: Member) -> None:
        make_post(slug="talk")

        assert member_client.put("/posts/talk/comments/new/").status_code == 405


class TestCommentPreview:
    def test_renders_what_would_be_published(self, member_client: Member) -> None:
        response = member_client.post("/comments/preview/", {"body": "**Bold**"})

        assert response.status_code == 200
        assert "<strong>Bold</strong>" in text(response)
        assert "<html" not in text(response)

    def test_empty_is_told(self, member_client: Member) -> None:
        response = member_client.post("/comments/preview/", {"body": ""})
        as_json = member_client.post("/comments/preview/", {"body": ""}, headers=JSON)

        assert response.status_code == as_json.status_code == 422
        assert as_json.json()["errors"]["body"] == ["Write a few words first."]

    def test_is_for_members_and_for_posts(
        self, client: Client, member_client: Member
    ) -> None:
        assert client.post("/comments/preview/", {"body": "x"}).status_code == 403
        assert member_client.get("/comments/preview/").status_code == 405

    def test_is_limited(self, member_client: Member) -> None:
        answers = [
            member_client.post("/comments/preview/", {"body": "x"}).status_code
            for _ in range(31)
        ]

        assert answers == [200] * 30 + [429]


class TestCommentOptions:
    def test_author_may_edit_and_delete(self, member_client: Member) -> None:
        comment = make_comment(author=member_client.user)

        page = text(member_client.get(f"/comments/{comment.public_id}/options/"))

        assert f"/comments/{comment.public_id}/edit/" in page
        assert f"/comments/{comment.public_id}/delete/" in page
        assert "/admin/" not in page

    def test_others_may_report(self, member_client: Member) -> None:
        comment = make_comment()

        page = text(member_client.get(f"/comments/{comment.public_id}/options/"))

        assert f"/comments/{comment.public_id}/report/" in page
        assert f"/comments/{comment.public_id}/edit/" not in page

    def test_stranger_is_shown_the_door(self, client: Client) -> None:
        comment = make_comment()

        page = text(client.get(f"/comments/{comment.public_id}/options/"))

        assert "/accounts/login/?next=/comments/" in page

    def test_moderator_may_remove_and_sees_what_is_hidden(
        self, moderator_client: Member
    ) -> None:
        comment = moderation.remove_comment(make_comment())

        page = text(moderator_client.get(f"/comments/{comment.public_id}/options/"))

        assert f"/admin/comments/comment/{comment.pk}/change/" in page
        assert "removed by a moderator" in page

    def test_hidden_comment_is_not_found(self, member_client: Member) -> None:
        comment = moderation.remove_comment(make_comment())

        response = member_client.get(f"/comments/{comment.public_id}/options/")

        assert response.status_code == 404

    def test_posting_is_refused(self, member_client: Member) -> None:
        comment = make_comment()

        response = member_client.post(f"/comments/{comment.public_id}/options/")

        assert response.status_code == 405


class TestCommentEdit:
    def test_author_changes_the_words(self, member_client: Member) -> None:
        comment = make_comment(author=member_client.user, body="Frist")
        url = f"/comments/{comment.public_id}/edit/"
        assert "Frist" in text(member_client.get(url))

        response = member_client.post(url, {"body": "First"})

        comment.refresh_from_db()
        assert response.status_code == 303
        assert response["Location"].endswith(f"#comment-{comment.public_id}")
        assert comment.body == "First"

    @pytest.mark.parametrize("method", ["get", "post"])
    def test_others_may_not(self, member_client: Member, method: str) -> None:
        comment = make_comment(body="Mine")
        act = getattr(member_client, method)

        response = act(f"/comments/{comment.public_id}/edit/", {"body": "Yours"})

        comment.refresh_from_db()
        assert response.status_code == 403
        assert comment.body == "Mine"

    def test_stranger_is_sent_to_the_door(self, client: Client) -> None:
        comment = make_comment()

        response = client.get(f"/comments/{comment.public_id}/edit/")

        assert response.status_code == 302

    def test_empty_is_told_and_nothing_changes(self, member_client: Member) -> None:
        comment = make_comment(author=member_client.user, body="Words")

        response = member_client.post(
            f"/comments/{comment.public_id}/edit/", {"body": ""}
        )

        comment.refresh_from_db()
        assert response.status_code == 422
        assert "Write a few words first." in text(response)
        assert comment.body == "Words"

    def test_deleted_meanwhile_gives_the_text_back(self, member_client: Member) -> None:
        comment = make_comment(author=member_client.user)
        moderation.delete_comment(comment)

        response = member_client.post(
            f"/comments/{comment.public_id}/edit/", {"body": "My long text"}
        )

        assert response.status_code == 404
        assert "My long text" in text(response)


class TestCommentDelete:
    def test_author_deletes_after_a_question(self, member_client: Member) -> None:
        comment = make_comment(make_post(slug="talk"), author=member_client.user)
        url = f"/comments/{comment.public_id}/delete/"
        assert "Delete your comment?" in text(member_client.get(url))

        first, second = member_client.post(url), member_client.post(url)

        comment.refresh_from_db()
        assert first.status_code == second.status_code == 303
        assert without_mark(first["Location"]) == "/posts/talk/#comments"
        assert comment.state == Comment.State.DELETED

    def test_moderator_removes(self, moderator_client: Member) -> None:
        comment = make_comment()

        moderator_client.post(f"/comments/{comment.public_id}/delete/")

        comment.refresh_from_db()
        assert comment.state == Comment.State.REMOVED

    def test_others_may_not(self, member_client: Member) -> None:
        comment = make_comment()

        response = member_client.post(f"/comments/{comment.public_id}/delete/")

        comment.refresh_from_db()
        assert response.status_code == 403
        assert comment.is_visible

    def test_stranger_may_not(self, client: Client) -> None:
        comment = make_comment()

        assert client.post(f"/comments/{comment.public_id}/delete/").status_code == 403
        assert client.get(f"/comments/{comment.public_id}/delete/").status_code == 302


class TestReports:
    def test_comment_report_is_stored_and_thanked_for(
        self, member_client: Member
    ) -> None:
        comment = make_comment()
        url = f"/comments/{comment.public_id}/report/"
        assert 'name="reason"' in text(member_client.get(url))

        response = member_client.post(url, {"reason": "abuse", "note": "See line 2"})

        report = Report.objects.get()
        assert (response.status_code, response["Location"]) == (303, url)
        assert (report.comment, report.reason) == (comment, "abuse")
        assert report.reporter == member_client.user
        assert "Thank you" in text(member_client.get(url))

    def test_post_report_is_stored(self, member_client: Member) -> None:
        post = make_post(slug="talk")

        response = member_client.post(
            "/posts/talk/report/", {"reason": "spam"}, headers=JSON
        )

        assert response.json() == {"url": "/posts/talk/report/"}
        assert Report.objects.get().post == post

    def test_unknown_reason_is_told_and_the_note_kept(
        self, member_client: Member
    ) -> None:
        make_post(slug="talk")

        response = member_client.post(
            "/posts/talk/report/", {"reason": "boredom", "note": "My long note"}
        )

        assert response.status_code == 422
        assert "My long note" in text(response)

    def test_stranger_gets_the_note_back(self, client: Client) -> None:
        make_post(slug="talk")

        response = client.post(
            "/posts/talk/report/", {"reason": "spam", "note": "My long note"}
        )

        assert response.status_code == 403
        assert "My long note" in text(response)

    def test_is_limited(self, member_client: Member) -> None:
        make_post(slug="talk")
        answers = [
            member_client.post("/posts/talk/report/", {"reason": "spam"}).status_code
            for _ in range(11)
        ]

        assert answers == [303] * 10 + [429]

    def test_hidden_comment_cannot_be_reported(self, member_client: Member) -> None:
        comment = moderation.delete_comment(make_comment())

        response = member_client.get(f"/comments/{comment.public_id}/report/")

        assert response.status_code == 404


class TestModerationDesk:
    def test_moderator_removes_restores_and_resolves(self) -> None:
        client = signed_in(make_moderator())
        comment = make_comment()
        report = moderation.report_comment(comment, reporter=make_user(), reason="spam")
        assert client.get("/admin/comments/comment/").status_code == 200
        assert client.get("/admin/comments/report/").status_code == 200
        assert (
            client.get(f"/admin/comments/comment/{comment.pk}/change/").status_code
            == client.get(f"/admin/comments/report/{report.pk}/change/").status_code
            == 200
        )

        client.post(
            "/admin/comments/report/",
            {"action": "remove_and_resolve", "_selected_action": [report.pk]},
        )

        comment.refresh_from_db()
        report.refresh_from_db()
        assert comment.state == Comment.State.REMOVED
        assert report.resolved_by == client.user

        client.post(
            "/admin/comments/comment/",
            {"action": "restore_to_page", "_selected_action": [comment.pk]},
        )

        comment.refresh_from_db()
        assert comment.is_visible

    def test_author_has_no_business_there(self, author_client: Member) -> None:
        assert author_client.get("/admin/comments/comment/").status_code == 403
        assert author_client.get("/admin/comments/report/").status_code == 403
