"""Whoever changes something, and however: the pages that show it change."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from accounts.models import User
from blog import services
from blog.models import Post, PostStats, Tag
from comments import moderation, opinions, services as comment_services
from comments.models import Comment, Question, Side, Vote
from core.models import SiteSettings
from reactions import services as reaction_services
from reactions.models import ReactionKind
from tests.conftest import signed_in
from tests.core.pagecache.conftest import Said, Site
from tests.factories import (
    make_author,
    make_comment,
    make_kinds,
    make_owner,
    make_post,
    make_question,
    make_user,
    take_side,
)

ARTICLE = "/posts/here/"
BULK = "/admin/blog/post/"


class Walk:
    """Look at a page, do something, look again: twice the same, then new."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def changes(self, path: str, act: Callable[[], object], *, shows: str = "") -> None:
        before = self.settled(path)
        act()
        self.site.look()
        after = self.site.get(path)
        assert (after.status, after.body) != (before.status, before.body)
        assert shows in after.text

    def keeps(self, path: str, act: Callable[[], object]) -> None:
        self.settled(path)
        act()
        self.site.look()
        assert self.site.get(path).cache == "hit"

    def settled(self, path: str) -> Said:
        self.site.look()
        self.site.get(path)
        return self.site.get(path)


@pytest.fixture
def walk(site: Site) -> Walk:
    make_kinds()
    return Walk(site)


def write(desk: Client, post: Post, **changed: str) -> None:
    """Save an article at the desk as it stands, but for what is changed."""
    sent = {
        "title": post.title,
        "slug": post.slug,
        "body": post.body,
        "base_version": str(post.version),
        "tags": ", ".join(tag.name for tag in post.tags.all()),
        "language": "en",
        "comment_policy": "site",
        "listed": "on",
        "authors": post.bylines.get().user.handle,
        "published_at": f"{post.published_at:%Y-%m-%dT%H:%M}",
        "_save": "",
    }
    empty = ("summary", "cover_digest", "cover_alt", "canonical_url")
    sent |= dict.fromkeys(empty, "")
    response = desk.post(f"{BULK}{post.pk}/change/", sent | changed)
    assert response.status_code == 302, response.context["form"].errors


def admin_post(desk: Client, url: str, **changed: str) -> None:
    """Send an admin form as it stands, but for what is changed."""
    form = desk.get(url).context["adminform"].form
    data = {name: form[name].value() for name in form.fields}
    sent = {
        name: value
        for name, value in data.items()
        if value is not None and value is not False
    }
    response = desk.post(url, sent | changed)
    assert response.status_code == 302, response.context["errors"]


def act_on(desk: Client, list_url: str, action: str, pk: int) -> None:
    data = {
        "action": action,
        "_selected_action": str(pk),
        "post": "yes",
        "confirmed": "yes",
    }
    response = desk.post(list_url, data)
    assert response.status_code in {200, 302}


def test_every_writer_is_seen(walk: Walk, tmp_path: Path) -> None:
    author = make_author(handle="mara", display_name="Mara")
    post = make_post(slug="here", author=author, tags=["Python"], title="First title")
    neighbor = make_post(slug="there", author=author, title="A neighbor")
    comment = make_comment(post, author=make_user(display_name="Comma"))
    tag = Tag.objects.get()
    love = ReactionKind.objects.get(slug="love")
    desk = signed_in(make_owner())

    def posts() -> Post:
        return Post.objects.get(pk=post.pk)

    # Services and bulk statements
    walk.changes(
        ARTICLE,
        lambda: Post.objects.filter(pk=post.pk).update(title="By update"),
        shows="By update",
    )
    walk.changes(
        "/",
        lambda: Post.objects.bulk_update(
            [Post(pk=post.pk, title="In bulk")], ["title"]
        ),
        shows="In bulk",
    )
    walk.changes(
        ARTICLE,
        lambda: Post.objects.filter(pk=neighbor.pk).update(title="Renamed neighbor"),
        shows="Renamed neighbor",
    )
    walk.changes("/feeds/rss.xml", lambda: services.unpublish_post(neighbor))
    walk.changes("/", lambda: services.publish_post(neighbor), shows="Renamed neighbor")
    walk.changes("/sitemap.xml", lambda: services.delete_post(neighbor))
    walk.changes("/", lambda: services.restore_post(neighbor))
    walk.changes(
        "/tags/", lambda: posts().tags.add(*services.tags_from_names(["New tag"]))
    )
    walk.changes("/tags/python/", lambda: neighbor.tags.add(tag))

    # Comments and reactions
    walk.changes(
        ARTICLE, lambda: make_comment(post, body="Well said"), shows="Well said"
    )
    walk.changes(
        "/posts/here/comments/",
        lambda: comment_services.edit_comment(comment, body="Edited words"),
        shows="Edited words",
    )
    make_comment(parent=comment)
    walk.changes(
        ARTICLE,
        lambda: moderation.hide_comment(comment, by=author),
        shows="hidden by an author of the article",
    )
    walk.changes(
        ARTICLE,
        lambda: moderation.remove_comment(comment),
        shows="removed by a moderator",
    )
    walk.changes(
        ARTICLE,
        lambda: Comment.objects.filter(pk=comment.pk).update(state="visible"),
        shows="Edited words",
    )
    walk.changes(
        ARTICLE,
        lambda: reaction_services.set_reaction(
            kind=love, user=author, post=post, is_on=True
        ),
    )
    walk.changes(
        ARTICLE,
        lambda: PostStats.objects.filter(post=post).update(reaction_counts={"love": 7}),
        shows='value="7"',
    )

    Comment.objects.filter(pk=comment.pk).update(
        created_at=timezone.now() - timedelta(hours=1)
    )
    history = f"/comments/{comment.public_id}/history/"
    walk.changes(
        history,
        lambda: comment_services.edit_comment(comment, body="Late words"),
        shows="Late",
    )
    walk.changes(
        history,
        lambda: comment.revisions.filter(is_public=True).update(body="Never said"),
        shows="Never",
    )

    # The question and its sides
    question = make_question(post, text="Tea or coffee?", sides=["Tea", "Coffee"])
    walk.changes(
        ARTICLE,
        lambda: Question.objects.filter(pk=question.pk).update(text="What to drink?"),
        shows="What to drink?",
    )
    walk.changes(
        ARTICLE,
        lambda: Side.objects.filter(slug="tea").update(label="Green tea"),
        shows="Green tea",
    )
    walk.changes(ARTICLE, lambda: take_side(post, "tea"), shows="1 visitor")
    walk.changes(
        "/posts/here/comments/", lambda: opinions.close_question(post), shows="Closed"
    )
    Vote.objects.all().delete()
    walk.changes(ARTICLE, lambda: opinions.remove_question(post))

    # Names
    walk.changes(
        ARTICLE,
        lambda: User.objects.filter(display_name="Comma").update(display_name="Colon"),
        shows="Colon",
    )
    walk.changes(
        "/feeds/atom.xml",
        lambda: User.objects.filter(pk=author.pk).update(display_name="Mara M."),
        shows="Mara M.",
    )
    walk.changes(
        "/@mara/", lambda: User.objects.filter(pk=author.pk).update(bio="A new life")
    )
    walk.keeps(ARTICLE, lambda: User.objects.update(last_login=timezone.now()))
    walk.changes(
        ARTICLE,
        lambda: services.save_tag(Tag(pk=tag.pk, name="Snakes"), slug="snakes"),
        shows="Snakes",
    )

    # The desk
    walk.changes(
        ARTICLE,
        lambda: write(desk, posts(), title="At the desk"),
        shows="At the desk",
    )
    walk.changes(
        ARTICLE,
        lambda: admin_post(
            desk, f"/admin/reactions/reactionkind/{love.pk}/change/", label="Adore it"
        ),
        shows="Adore it",
    )
    walk.changes(
        ARTICLE,
        lambda: admin_post(desk, f"/admin/blog/tag/{tag.pk}/change/", name="Serpents"),
        shows="Serpents",
    )
    walk.changes(
        "/",
        lambda: SiteSettings.objects.update_or_create(pk=1, defaults={"title": "New"}),
        shows="New",
    )
    walk.changes(
        "/tags/",
        lambda: admin_post(desk, "/admin/core/sitesettings/1/change/", title="Newest"),
        shows="Newest",
    )

    # Import
    (tmp_path / "imported.md").write_text("# Imported here\n\nWords.")
    walk.changes(
        "/",
        lambda: call_command(
            "import_posts", str(tmp_path), author="mara", publish=True, verbosity=0
        ),
        shows="Imported here",
    )

    # The end
    walk.changes("/posts/there/", lambda: Post.objects.filter(pk=neighbor.pk).delete())
    walk.changes("/", lambda: act_on(desk, BULK, "unpublish", post.pk))
    assert walk.site.get(ARTICLE).status == 404
    act_on(desk, BULK, "publish", post.pk)
    walk.changes(ARTICLE, lambda: act_on(desk, BULK, "delete_selected", post.pk))
    assert walk.site.get(ARTICLE).status in {404, 410}


def test_many_rows_at_once_are_a_change_of_the_site(walk: Walk) -> None:
    post = make_post(slug="here")
    user = make_user()
    Comment.objects.bulk_create(
        Comment(post=post, author=user, body="x", body_html="x", key=str(n))
        for n in range(3)
    )

    walk.changes("/posts/here/comments/", lambda: Comment.objects.all().delete())


def test_scheduled_post_appears_to_the_second(walk: Walk) -> None:
    make_post(title="Older")
    at = timezone.now() + timedelta(seconds=1.2)
    make_post(title="In a moment", published_at=at)
    assert "In a moment" not in walk.settled("/").text

    while timezone.now() < at:
        assert "In a moment" not in walk.site.get("/").text
        time.sleep(0.05)
    time.sleep(0.5)

    assert "In a moment" in walk.site.get("/").text


class TestOwnAct:
    def test_is_seen_at_once(self, site: Site) -> None:
        make_kinds()
        post = make_post(slug="here")
        member = signed_in(make_user())
        site.get(ARTICLE)

        for n in range(10):
            response = member.post(
                "/posts/here/comments/new/", {"body": f"Thought {n}", "key": str(n)}
            )
            target = response["Location"].partition("#")[0]
            seen = site.get(target)
            assert f"Thought {n}" in seen.text
            assert seen.headers["cache-control"] == "no-store"

        assert post.pk
        assert re.fullmatch(r"/posts/here/\?after=\d+", target)
        assert site.get(target).body == site.get(ARTICLE).body
        assert 'href="http://127.0.0.1:8000/posts/here/"' in seen.text

    def test_false_mark_is_ignored(self, site: Site) -> None:
        site.get("/")

        for mark in ("", "x", "-1", "1" * 30, "9" * 18, "%00", "%EF%BC%91"):
            answer = site.get(f"/?after={mark}")
            assert (answer.status, answer.cache) == (200, "hit"), mark
            assert answer.headers["cache-control"].startswith("public"), mark
