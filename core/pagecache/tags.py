"""What a page shows, as tags: `site`, `list`, and `post:5` for every row it loaded.

Nobody lists the rows of a page by hand, so nobody forgets one: while a public page is
made, each loaded instance of a watched model leaves its tag.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

from django.db.models.signals import post_init

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from django.db.models import Model

SITE = "site"
LIST = "list"
MOST_OF_ONE_KIND = 100

type Found = dict[str, set[int]]

_found: ContextVar[Found | None] = ContextVar("found", default=None)


def watch(model: type[Model], kind: str) -> None:
    """Have pages that load a row of `model` carry the tag `kind:<pk>`."""

    def note(instance: Model, **kwargs: Any) -> None:
        found = _found.get()
        if found is not None and instance.pk is not None:
            found.setdefault(kind, set()).add(instance.pk)

    post_init.connect(note, model, weak=False, dispatch_uid=f"watch {kind}")


@contextmanager
def collected() -> Iterator[Found]:
    """What is loaded inside, by kind."""
    found: Found = {}
    token = _found.set(found)
    try:
        yield found
    finally:
        _found.reset(token)


def tags_of(found: Found) -> Iterator[str]:
    """One tag a row; of more than a hundred of one kind, one for all (`post:*`)."""
    for kind, pks in found.items():
        if len(pks) > MOST_OF_ONE_KIND:
            yield f"{kind}:*"
        else:
            yield from (f"{kind}:{pk}" for pk in pks)


def touched_by(changed: Iterable[str]) -> set[str]:
    """The tags of pages that these changes outdate: `post:5` touches `post:*` too."""
    touched = set(changed)
    touched |= {f"{tag.partition(':')[0]}:*" for tag in touched if ":" in tag}
    return touched
