"""Demo content: articles and conversations for a blog that has none."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import yaml
from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.participants import Participant
from blog import services as blog
from blog.importing import attachments
from blog.importing.document import Document, parse
from blog.models import Post
from comments import opinions, services as comments
from comments.models import Comment, Guest, Side
from core.models import Mark
from core.slugs import slugify
from demo.pictures import Pictures
from reactions import services as reactions
from reactions.models import Reaction, ReactionKind

if TYPE_CHECKING:
    from collections.abc import Iterator

MARK = "demo"
CONTENT = Path(__file__).parent / "content"
ARTICLES = CONTENT / "articles"
NEWEST_AGE = timedelta(days=3)


@dataclass(frozen=True)
class Demo:
    """What is being loaded into: who takes part, and until when."""

    people: dict[str, User]
    kinds: dict[str, ReactionKind]
    now: datetime


@transaction.atomic
def load_demo(pictures: Pictures | None = None) -> None:
    """Fill an empty blog with demo content, once in the life of a database.

    A mark keeps it from coming back, and from coming into a blog that has posts. Its
    accounts cannot sign in. All or nothing; two at a time are one. `pictures` are those
    that are being made ready already.
    """
    _, is_first = Mark.objects.get_or_create(name=MARK)
    if not is_first or Post.objects.exists():
        return
    talk = yaml.safe_load((CONTENT / "conversations.yaml").read_text("utf-8"))
    demo = Demo(
        people={entry["handle"]: make_person(entry) for entry in talk["accounts"]},
        kinds={kind.slug: kind for kind in ReactionKind.objects.all()},
        now=timezone.now(),
    )
    with pictures or Pictures() as ready:
        posts = {
            document.slug: make_post(document, demo, ready)
            for document in recent(read_articles(), demo.now)
        }
    for slug, entry in talk["posts"].items():
        post = posts[slug]
        sides = ask(entry["question"], demo, post) if "question" in entry else {}
        react(entry.get("reactions", {}), demo, post=post)
        for comment in entry["thread"]:
            say(comment, demo, post=post, sides=sides, since=published_at(post))


def make_person(entry: dict[str, str]) -> User:
    handle = entry["handle"]
    known = User.objects.filter(handle=handle).first()
    return known or User.objects.create_user(
        f"{handle}@demo.invalid",
        handle,
        display_name=entry["name"],
        bio=entry["bio"],
        is_active=False,
    )


def read_articles() -> list[Document]:
    return [parse(path.read_bytes(), path) for path in sorted(ARTICLES.glob("*.md"))]


def recent(articles: list[Document], now: datetime) -> Iterator[Document]:
    """The articles with their dates moved, by whole days, so that they end of late."""
    public = (
        article.date
        for article in articles
        if article.date and not (article.is_draft or article.is_scheduled)
    )
    shift = timedelta(days=(now - NEWEST_AGE - max(public)).days)
    for article in articles:
        yield replace(article, date=article.date and article.date + shift)


def make_post(article: Document, demo: Demo, pictures: Pictures) -> Post:
    author = demo.people[article.authors[0]]
    store = partial(pictures.store, uploaded_by=author)
    post = blog.save_post(
        Post(
            title=article.title,
            summary=article.summary,
            body=attachments.store_shown(article.body, store),
            cover=store(article.cover),
            cover_alt=article.cover_alt,
            language=article.language or "en",
            published_at=None if article.is_draft else article.date,
            featured_at=article.date if article.is_featured else None,
        ),
        editor=author,
        slug=article.slug,
        tags=blog.tags_from_names(article.tags),
    )
    if article.date and not article.is_draft:
        date_back(post, article.date, demo.now)
    return post


def date_back(post: Post, moment: datetime, now: datetime) -> None:
    """Say that it was written when it appeared, not a moment ago."""
    post.created_at = post.updated_at = min(moment, now)
    post.save(update_fields=["created_at", "updated_at"])
    post.revisions.update(created_at=post.created_at)


def published_at(post: Post) -> datetime:
    assert post.published_at  # noqa: S101
    return post.published_at


def ask(entry: dict[str, Any], demo: Demo, post: Post) -> dict[str, Side]:
    """The question and who took which side; its sides by their names in the file."""
    question = opinions.save_question(
        post,
        text=entry["text"],
        sides=[opinions.SideWish(e["label"], e["color"]) for e in entry["sides"]],
    )
    names = [side["slug"] for side in entry["sides"]]
    sides = dict(zip(names, question.sides.all(), strict=True))
    members = (Participant(user=user) for user in demo.people.values())
    visitors = iter(lambda: Participant(visitor=uuid4()), None)
    for voters, votes in (
        (members, entry["votes"]),
        (visitors, entry.get("visitors", {})),
    ):
        for name, count in votes.items():
            for voter in islice(voters, count):
                slug = sides[name].slug
                opinions.set_side(post, voter, slug, network=str(voter.visitor))
    return sides


def say(
    entry: dict[str, Any],
    demo: Demo,
    *,
    post: Post,
    sides: dict[str, Side],
    since: datetime,
    parent: Comment | None = None,
) -> None:
    """A comment, what it got, and what was answered."""
    comment = comments.submit_comment(
        post=post,
        **writer(entry, demo),
        body=entry["body"].strip(),
        side=sides.get(entry.get("side", "")),
        parent=parent,
        key=f"demo-{post.pk}-{parent.pk if parent else 0}-{entry['after']}",
    )
    comment.created_at = min(since + timedelta(hours=entry["after"]), demo.now)
    comment.save(update_fields=["created_at"])
    react(entry.get("reactions", {}), demo, comment=comment)
    for reply in entry.get("replies", []):
        moment = comment.created_at
        say(reply, demo, post=post, sides=sides, since=moment, parent=comment)


def writer(entry: dict[str, Any], demo: Demo) -> dict[str, Any]:
    """An account, or a guest whose address leads nowhere; the same name is the same."""
    if "guest" not in entry:
        return {"author": demo.people[entry["author"]]}
    name = entry["guest"]
    email = f"{slugify(name)}@demo.invalid"
    guest = Guest.objects.filter(email=email).first() or Guest.objects.create(
        visitor=uuid4(), email=email, trusted_at=demo.now
    )
    return {"guest": guest, "name": name}


def react(
    counts: dict[str, int],
    demo: Demo,
    *,
    post: Post | None = None,
    comment: Comment | None = None,
) -> None:
    """So many reactions of each kind, from different people, counted once."""
    people = [
        user
        for user in demo.people.values()
        if comment is None or user.pk != comment.author_id
    ]
    Reaction.objects.bulk_create(
        Reaction(kind=demo.kinds[slug], user=user, post=post, comment=comment)
        for slug, count in counts.items()
        if slug in demo.kinds
        for user in some(people, count, start=len(counts) + len(slug))
    )
    if post:
        reactions.recount_post(post)
    elif comment and counts:
        reactions.recount_comment(comment)


def some(people: list[User], count: int, *, start: int) -> list[User]:
    """So many of them, each once, beginning somewhere."""
    return list(islice(cycle(people), start, start + min(count, len(people))))
