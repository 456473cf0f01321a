"""What apps above add to the form of a post: checked and saved together with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from django.forms import BoundField

    from blog.models import Post

    type Maker = Callable[[Post, Mapping[str, Any] | None], "Part"]


class PartRefused(Exception):
    """What a part was to save cannot be saved; it says so at its own fields."""


class Part(Protocol):
    """A piece of the form, shown by `template`, which is given it as `part`.

    Where what was sent holds nothing of it, it is valid and saves nothing.
    """

    @property
    def template(self) -> str: ...

    @property
    def wrong_fields(self) -> list[BoundField]:
        """The fields that are to be looked at; asking checks them."""

    def preview(self) -> str:
        """What was sent as HTML for readers; nothing while it could not be saved."""

    def save(self, post: Post) -> None:
        """Called inside the transaction that saved the post. Raises `PartRefused`."""


makers: list[Maker] = []


def register(maker: Maker) -> None:
    """Have `maker` make a part of the form for a post, out of what was sent if any."""
    makers.append(maker)


def parts_for(post: Post, data: Mapping[str, Any] | None) -> list[Part]:
    return [maker(post, data) for maker in makers]
