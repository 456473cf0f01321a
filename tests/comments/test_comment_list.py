from __future__ import annotations

import mf2py
import pytest
from django.db import connection
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.html import escape
from pytest_django import DjangoAssertNumQueries as NumQueries

from blog import services as blog_services
from blog.models import Post
from comments import moderation, places
from comments.models import Comment
from core.models import SiteSettings
from tests.conftest import Member
from tests.factories import make_comment, make_kinds, make_post, make_user
from tests.threads import make_threads

pytestmark = pytest.mark.django_db


def page_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


class TestArticle:
    def test_shows_the_first_threads_oldest_first(self, client: Client) -> None:
        post = make_post(slug="talk")
        threads = make_threads(post, 21)

        page = page_of(client, "/posts/talk/")

        assert f"comment-{threads[19].public_id}" in page
        assert f"comment-{threads[20].public_id}" not in page
        assert page.index(threads[0].public_id) < page.index(threads[1].public_id)
        assert '<data class="comment-count" value="21">' in page
        assert 'href="/posts/talk/comments/"' in page

    def test_shows_the_first_replies_and_the_way_to_more(self, client: Client) -> None:
        post = make_post(slug="talk")
        (thread,) = make_threads(post, 1, replies=4)

        page = page_of(client, "/posts/talk/")

        assert page.count("comment__body") == 4
        assert f'href="/posts/talk/comments/?thread={thread.public_id}"' in page

    def test_asks_as_much_of_the_database_for_many_as_for_few(
        self, client: Client
    ) -> None:
        few, many = make_post(slug="few"), make_post(slug="many")
        make_threads(few, 1, replies=1)
        make_threads(many, 30, replies=12)

        counts = []
        for slug in ("few", "many"):
            with CaptureQueriesContext(connection) as queries:
                page_of(client, f"/posts/{slug}/")
            counts.append(len(queries))

        assert counts[0] == counts[1] <= 9

    def test_has_links_and_no_forms(self, client: Client) -> None:
        comment = make_comment(make_post(slug="talk"))

        page = page_of(client, "/posts/talk/")

        assert "<form" not in page
        for act in ("comment", "reply", "react", "report"):
            assert f'data-act="{act}"' in page
        assert f"/comments/{comment.public_id}/options/" in page

    def test_empty_conversation_invites(self, client: Client) -> None:
        make_post(slug="talk")

        assert "What do you think?" in page_of(client, "/posts/talk/")

    def test_closed_conversation_says_so_and_has_no_way_in(
        self, client: Client
    ) -> None:
        make_comment(make_post(slug="talk"))
        SiteSettings.objects.create(pk=1, comment_policy="closed")

        page = page_of(client, "/posts/talk/")

        assert "Comments are closed" in page
        assert 'data-act="reply"' not in page
        assert 'data-act="comment"' not in page

    def test_what_was_answered_leaves_a_tombstone(self, client: Client) -> None:
        post = make_post(slug="talk")
        start = make_comment(post, body="Start words")
        reply = make_comment(parent=start, body="Reply words")
        make_comment(parent=reply, body="Deep words")
        moderation.delete_comment(start)
        moderation.remove_comment(reply)

        page = page_of(client, "/posts/talk/")

        assert "Start words" not in page
        assert "Reply words" not in page
        assert "Deep words" in page
        assert "deleted by its author" in page
        assert "This comment was removed" in page
        assert "in reply to a comment that is gone" in page

    def test_what_was_not_answered_vanishes(self, client: Client) -> None:
        post = make_post(slug="talk")
        start = make_comment(post)
        alone = moderation.delete_comment(make_comment(parent=start))
        moderation.delete_comment(make_comment(post))

        page = page_of(client, "/posts/talk/")

        assert "deleted by its author" not in page
        assert alone.public_id not in page


class TestMarks:
    def test_comments_are_citations_inside_the_entry(self, client: Client) -> None:
        post = make_post(slug="talk")
        start = make_comment(post, author=make_user(display_name="Ada L."), body="One")
        reply = make_comment(parent=start, body="Two")
        deep = make_comment(parent=reply, body="Three")

        parsed = mf2py.parse(doc=page_of(client, "/posts/talk/"))

        (entry,) = [i for i in parsed["items"] if i["type"] == ["h-entry"]]
        first, second, third = entry["properties"]["comment"]
        said = first["properties"]
        assert first["type"] == ["h-cite"]
        assert first["id"] == f"comment-{start.public_id}"
        assert said["author"][0]["properties"]["name"] == ["Ada L."]
        assert said["url"] == [f"/comments/{start.public_id}/"]
        assert said["content"][0]["value"] == "One"
        assert "published" in said
        assert "in-reply-to" not in said
        assert second["properties"]["in-reply-to"] == [f"/comments/{start.public_id}/"]
        assert third["properties"]["in-reply-to"] == [f"/comments/{reply.public_id}/"]
        assert third["id"] == f"comment-{deep.public_id}"

    def test_counts_are_data(self, client: Client) -> None:
        post = make_post(slug="talk")
        comment = make_comment(post)
        make_kinds()
        post.stats.refresh_from_db()
        post.stats.reaction_counts = {"love": 3}
        post.stats.save()
        Comment.objects.filter(pk=comment.pk).update(reaction_counts={"strong": 2})

        page = page_of(client, "/posts/talk/")

        assert '<data class="reaction-count" data-kind="love" value="3">3' in page
        assert '<data class="reaction-count" data-kind="strong" value="2">2' in page
        assert '<data class="comment-count" value="1">' in page


class TestSameBytes:
    @pytest.mark.parametrize("path", ["/posts/talk/comments/", "/comments/{id}/"])
    def test_everybody_gets_the_same_answer(
        self,
        path: str,
        client: Client,
        member_client: Member,
        author_client: Member,
        owner_client: Member,
    ) -> None:
        post = make_post(slug="talk", author=author_client.user)
        comment = make_comment(post, author=member_client.user)
        tampered = Client()
        tampered.cookies["session"] = "tampered"
        url = path.format(id=comment.public_id)

        answers = [
            (answer.status_code, answer.content, headers_of(answer))
            for answer in (
                one.get(url)
                for one in (
                    client,
                    member_client,
                    author_client,
                    owner_client,
                    tampered,
                )
            )
        ]

        assert answers[0][0] in {200, 302}
        assert answers == [answers[0]] * 5


def headers_of(response: object) -> dict[str, str]:
    headers = dict(response.headers)  # type: ignore[attr-defined]
    headers.pop("Date", None)
    return headers


class TestCommentList:
    def test_pages_of_fifty_threads(self, client: Client) -> None:
        threads = make_threads(make_post(slug="talk"), 51)

        first = page_of(client, "/posts/talk/comments/")
        second = page_of(client, "/posts/talk/comments/?page=2")

        assert f'id="comment-{threads[49].public_id}"' in first
        assert f'id="comment-{threads[50].public_id}"' not in first
        assert f'id="comment-{threads[50].public_id}"' in second
        assert 'href="/posts/talk/comments/?page=2"' in first

    def test_newest_first_on_wish(self, client: Client) -> None:
        threads = make_threads(make_post(slug="talk"), 3)

        page = page_of(client, "/posts/talk/comments/?sort=newest")

        assert page.index(threads[2].public_id) < page.index(threads[0].public_id)

    def test_one_thread_alone_in_pages_of_a_hundred(self, client: Client) -> None:
        (thread,) = make_threads(make_post(slug="talk"), 1, replies=101)
        url = f"/posts/talk/comments/?thread={thread.public_id}"

        replies = Comment.objects.filter(thread=thread).in_thread_order()

        first = page_of(client, url)
        next_url = f"{url}&at={replies[100].public_id}"
        second = page_of(client, next_url)

        assert first.count("comment__body") == 101
        assert f'rel="next" href="{escape(next_url)}"' in first
        assert second.count("comment__body") == 2
        assert f'rel="prev" href="{url}"' in second

    @pytest.mark.parametrize(
        "query",
        [
            "sort=best",
            "page=0",
            "page=2",
            "page=x",
            "thread=nothing",
            "thread=a%00",
            "page=99999999999",
            "side=nobody",
            "side=a%00",
            "at=aaaaaaaaaa",
            "thread={id}&at=nothing",
            "thread={id}&at=a%00",
            "thread={id}&page=2",
            "thread={id}&sort=top",
        ],
    )
    def test_unknown_values_are_not_found(self, client: Client, query: str) -> None:
        comment = make_comment(make_post(slug="talk"))
        query = query.format(id=comment.public_id)

        assert client.get(f"/posts/talk/comments/?{query}").status_code == 404

    def test_undeclared_parameters_change_nothing(self, client: Client) -> None:
        make_comment(make_post(slug="talk"))

        assert page_of(client, "/posts/talk/comments/") == page_of(
            client, "/posts/talk/comments/?utm_source=x&sort=oldest"
        )

    def test_hidden_posts_have_none(self, client: Client) -> None:
        make_post(slug="draft", published_at=None)
        blog_services.delete_post(make_post(slug="gone"))

        assert client.get("/posts/draft/comments/").status_code == 404
        assert client.get("/posts/gone/comments/").status_code == 410
        assert client.get("/posts/never/comments/").status_code == 404
        assert client.get("/posts/a%00/comments/").status_code == 404

    def test_old_slug_redirects_for_ever(self, client: Client) -> None:
        post = make_post(slug="old")
        blog_services.save_post(Post.objects.get(pk=post.pk), editor=None, slug="new")

        response = client.get("/posts/old/comments/")

        assert (response.status_code, response["Location"]) == (
            301,
            "/posts/new/comments/",
        )

    def test_posting_is_refused(self, client: Client) -> None:
        make_post(slug="talk")

        assert client.post("/posts/talk/comments/").status_code == 405


class TestCommentDetail:
    def test_leads_to_where_the_comment_is(self, client: Client) -> None:
        post = make_post(slug="talk")
        threads = make_threads(post, 60)

        for comment in (threads[0], threads[19], threads[20], threads[49], threads[50]):
            target = client.get(f"/comments/{comment.public_id}/")["Location"]
            assert f'id="comment-{comment.public_id}"' in page_of(client, target)
        assert client.get(f"/comments/{threads[19].public_id}/")["Location"].startswith(
            "/posts/talk/#"
        )
        assert client.get(f"/comments/{threads[50].public_id}/")["Location"].startswith(
            "/posts/talk/comments/?page=2#"
        )

    @pytest.mark.parametrize("place", [0, 2, 3, 9, 10, 99, 100, 104])
    def test_leads_to_a_reply_however_deep_in_its_thread(
        self, client: Client, place: int
    ) -> None:
        (thread,) = make_threads(make_post(slug="talk"), 1, replies=105)
        reply = Comment.objects.filter(thread=thread).in_thread_order()[place]

        target = client.get(f"/comments/{reply.public_id}/")["Location"]

        assert f'id="comment-{reply.public_id}"' in page_of(client, target)

    def test_costs_the_same_wherever_it_is(
        self, django_assert_num_queries: NumQueries
    ) -> None:
        make_threads(make_post(slug="talk"), 60, replies=2)
        comments = list(Comment.objects.select_related("post", "thread"))
        for comment in (comments[0], comments[-1]):
            with django_assert_num_queries(1):
                places.address_of(comment)

    def test_deleted_says_what_was_deleted(self, client: Client) -> None:
        comment = moderation.delete_comment(make_comment())
        path = f"/comments/{comment.public_id}/"

        page = client.get(path).text
        blog_services.delete_post(comment.post)
        later = client.get(path).text

        assert "This comment was deleted" in page
        assert f'href="/posts/{comment.post.slug}/#comments"' in page
        assert "This article was taken down" in later

    def test_hidden_is_not_found_and_deleted_is_gone(self, client: Client) -> None:
        removed = moderation.remove_comment(make_comment())
        deleted = moderation.delete_comment(make_comment())
        on_draft = make_comment()
        blog_services.unpublish_post(Post.objects.get(pk=on_draft.post_id))
        on_deleted = make_comment()
        blog_services.delete_post(Post.objects.get(pk=on_deleted.post_id))

        statuses = [
            client.get(f"/comments/{comment.public_id}/").status_code
            for comment in (removed, deleted, on_draft, on_deleted)
        ]

        assert statuses == [404, 410, 404, 410]
        assert client.get("/comments/aaaaaaaaaa/").status_code == 404


def test_conversation_costs_two_queries(
    django_assert_num_queries: NumQueries, rf: RequestFactory
) -> None:
    make_kinds()
    make_threads(make_post(slug="talk"), 25, replies=3)
    post = Post.objects.select_related("stats").get()
    template = Template("{% load comments %}{% conversation post %}")
    context = {"post": post, "site": SiteSettings.load(), "request": rf.get("/")}

    # Threads, replies, and the kinds of reactions once for all of them.
    with django_assert_num_queries(3):
        template.render(Context(context))
