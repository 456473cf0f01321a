"""Synthetic posts and comments in bulk: the same rows as services write, by COPY."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from random import Random
from typing import Any

from django.db import connection, transaction

from accounts.models import User
from blog.services import tags_from_names
from comments.models import LEVELS, make_public_id
from core import markup

Progress = Callable[[int, str], None]

WRITERS = 20
TEMPLATES = 50
STARTS = 0.4
ANSWERED_OF_LATE = 12
REPORT_EVERY = 20_000
TAGS = ["databases", "design", "django", "python", "testing", "typography", "web"]
WORDS = [
    "the",
    "a",
    "of",
    "to",
    "and",
    "in",
    "is",
    "that",
    "it",
    "for",
    "on",
    "with",
    "as",
    "was",
    "at",
    "by",
    "this",
    "from",
    "are",
    "or",
    "an",
    "be",
    "reader",
    "page",
    "query",
    "index",
    "table",
    "row",
    "column",
    "cache",
    "server",
    "request",
    "answer",
    "test",
    "line",
    "measure",
    "quick",
    "slow",
    "small",
    "large",
    "plain",
    "honest",
    "careful",
    "early",
    "late",
    "first",
    "last",
    "keep",
    "write",
    "read",
    "change",
    "move",
    "count",
    "store",
    "render",
    "send",
    "close",
    "open",
]


@transaction.atomic
def populate(
    posts: int, comments: int, *, starts: float = STARTS, progress: Progress
) -> list[int]:
    """Add public posts over the last years, and comments spread evenly over them.

    `starts` of the comments begin a thread; 0 makes one thread of a post's comments,
    1 as many threads as comments. The keys of the posts, newest first.
    """
    with connection.cursor() as cursor:
        # The time that a statement may take is meant for pages.
        cursor.execute("SET LOCAL statement_timeout = 0")
    random = Random(20241126)  # noqa: S311
    writers = [writer.pk for writer in make_writers()]
    tags = [tag.pk for tag in tags_from_names(TAGS)]
    post_pks = reserve("blog_post", posts)
    now = datetime.now(UTC)
    texts = [rendered(random, markup.Profile.POST, 170) for _ in range(TEMPLATES)]
    counts = [comments // posts + (n < comments % posts) for n in range(posts)]

    def post_rows() -> Iterator[tuple[Any, ...]]:
        for n, pk in enumerate(post_pks):
            body, html, words = texts[n % TEMPLATES]
            at = now - timedelta(minutes=7 * n + 1)
            yield (
                *(pk, f"Synthetic post {pk}", f"synthetic-{pk}", "", body, html),
                *(body[:200], "[]", words, markup.RENDERER_VERSION, "", "en", ""),
                *("site", True, at, at, at, 1),
            )

    copy(
        "blog_post (id, title, slug, summary, body, body_html, excerpt, toc, "
        "word_count, renderer_version, cover_alt, language, canonical_url, "
        "comment_policy, listed, created_at, updated_at, published_at, version)",
        progress_over(post_rows(), progress, "posts"),
    )
    copy("blog_postslug (slug, post_id)", ((f"synthetic-{pk}", pk) for pk in post_pks))
    copy(
        "blog_poststats (post_id, comment_count, reaction_counts, side_counts)",
        ((pk, count, "{}", "{}") for pk, count in zip(post_pks, counts, strict=True)),
    )
    copy(
        "blog_postauthor (post_id, user_id, position)",
        ((pk, writers[pk % WRITERS], 0) for pk in post_pks),
    )
    copy(
        "blog_post_tags (post_id, tag_id)",
        ((pk, tags[(pk + k) % len(tags)]) for pk in post_pks for k in range(2)),
    )
    copy(
        "comments_comment (id, parent_id, thread_id, ancestors, created_at, "
        "public_id, post_id, author_id, body, body_html, renderer_version, state, "
        "waits_for, key, reaction_counts, score, guest_name)",
        progress_over(
            comment_rows(
                random,
                zip(post_pks, counts, strict=True),
                reserve("comments_comment", comments),
                writers,
                places=Places(random, starts, now),
            ),
            progress,
            "comments",
        ),
    )
    return list(post_pks)


def comment_rows(
    random: Random,
    counts: Iterable[tuple[int, int]],
    pks: range,
    writers: list[int],
    places: Places,
) -> Iterator[tuple[Any, ...]]:
    texts = [rendered(random, markup.Profile.COMMENT, 40) for _ in range(TEMPLATES)]
    fresh = iter(pks)
    for post_pk, count in counts:
        for place in places.of(list(islice(fresh, count))):
            n = place[0]
            body, html, _words = texts[n % TEMPLATES]
            yield (
                *place,
                *(make_public_id(), post_pk, writers[n % WRITERS], body, html),
                *(markup.RENDERER_VERSION, "visible", "", f"synthetic-{n}"),
                *("{}", 0, ""),
            )


@dataclass(frozen=True)
class Places:
    """Where comments stand: each begins a thread or answers one of the latest."""

    random: Random
    starts: float
    now: datetime

    def of(self, pks: list[int]) -> Iterator[tuple[Any, ...]]:
        """Key, parent, thread, ancestors and time; a second lies between two."""
        late: deque[tuple[int, int, list[int]]] = deque(maxlen=ANSWERED_OF_LATE)
        for n, pk in enumerate(pks):
            parent = thread = None
            ancestors: list[int] = []
            if late and self.random.random() >= self.starts:
                parent, thread, above = self.random.choice(late)
                ancestors = [*above, parent][:LEVELS]
            late.append((pk, thread or pk, ancestors))
            at = self.now - timedelta(seconds=len(pks) - n)
            yield pk, parent, thread, ancestors, at


def make_writers() -> list[User]:
    """Accounts that nobody can sign in to."""
    known = {
        user.handle: user
        for user in User.objects.filter(handle__startswith="synthetic_")
    }
    return [
        known.get(f"synthetic_{n}")
        or User.objects.create_user(
            f"synthetic_{n}@synthetic.invalid",
            f"synthetic_{n}",
            display_name=f"Synthetic writer {n}",
            is_active=False,
        )
        for n in range(WRITERS)
    ]


def rendered(
    random: Random, profile: markup.Profile, words: int
) -> tuple[str, str, int]:
    paragraphs = [
        " ".join(random.choices(WORDS, k=max(words // 4, 10))).capitalize() + "."
        for _ in range(4)
    ]
    body = "\n\n".join(paragraphs)
    done = markup.render(body, profile)
    return body, done.html, done.word_count


def reserve(table: str, n: int) -> range:
    """`n` fresh primary keys that lie side by side."""
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {table} IN EXCLUSIVE MODE")
        sequence = "pg_get_serial_sequence(%s, 'id')"
        cursor.execute(f"SELECT nextval({sequence})", [table])
        first = int(cursor.fetchone()[0])
        cursor.execute(f"SELECT setval({sequence}, %s)", [table, first + n])
    return range(first, first + n)


def copy(target: str, rows: Iterable[tuple[Any, ...]]) -> None:
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {target} FROM STDIN") as stream,
    ):
        for row in rows:
            stream.write_row(row)


def progress_over(
    rows: Iterable[tuple[Any, ...]], progress: Progress, what: str
) -> Iterator[tuple[Any, ...]]:
    for n, row in enumerate(rows, 1):
        if n % REPORT_EVERY == 0:
            progress(n, what)
        yield row
