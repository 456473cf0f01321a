"""The block of settings at the top of a file, in YAML (`---`) or TOML (`+++`)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from typing import Any

import yaml

from blog.importing.errors import FileRefused

YAML_BLOCK = re.compile(
    r"---[ \t]*\n(?P<inside>(?:.*\n)*?)(?:---|\.\.\.)[ \t]*(?:\n|\Z)"
)
TOML_BLOCK = re.compile(r"\+\+\+[ \t]*\n(?P<inside>(?:.*\n)*?)\+\+\+[ \t]*(?:\n|\Z)")
MAX_LENGTH = 20_000
TRUE = frozenset({"true", "yes", "on", "1"})
NOTHING = frozenset({"", "~", "null", "nil", "none"})


class Loader(yaml.BaseLoader):
    """YAML whose values stay the words that were typed, and without aliases.

    An alias lets a file of 400 bytes unfold into gigabytes.
    """

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.AliasEvent):
            raise FileRefused("its front matter uses aliases (*name)")
        return super().compose_node(parent, index)


def split(text: str) -> tuple[Mapping[str, Any], str]:
    """What the front matter says, and the rest. Raises `FileRefused`.

    Without front matter the first is empty; a text that merely begins with a rule is
    such a text.
    """
    match = YAML_BLOCK.match(text) or TOML_BLOCK.match(text)
    if match is None:
        return {}, text
    if len(match["inside"]) > MAX_LENGTH:
        raise FileRefused(f"its front matter has more than {MAX_LENGTH:,} characters")
    load = load_yaml if text.startswith("-") else load_toml
    found = load(match["inside"])
    if not isinstance(found, Mapping):
        return {}, text
    return found, text[match.end() :]


def load_yaml(inside: str) -> Any:
    if not inside.strip():
        return {}
    try:
        found = yaml.load(inside, Loader)  # noqa: S506 (it makes only text)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise FileRefused(
            f"its front matter is not YAML: {error.problem}, line {line}"
        ) from error
    except yaml.YAMLError as error:
        reason = " ".join(str(error).split())
        raise FileRefused(f"its front matter is not YAML: {reason}") from error
    except RecursionError as error:
        raise FileRefused("its front matter is nested too deeply") from error
    return {} if found is None else found


def load_toml(inside: str) -> Any:
    try:
        return tomllib.loads(inside)
    except tomllib.TOMLDecodeError as error:
        raise FileRefused(f"its front matter is not TOML: {error}") from error
    except (RecursionError, ValueError) as error:
        raise FileRefused("its front matter cannot be read") from error


def text_of(value: object) -> str:
    """A single value as text; empty for none, for lists and for mappings."""
    if isinstance(value, str):
        # Other spaces than these are words too: French puts one before `!`.
        words = re.sub(r"[ \t\r\n]+", " ", value).strip(" ")
        return "" if words.lower() in NOTHING else words
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def list_of(value: object) -> list[str]:
    """Several values: a list, or a text with commas, or else with spaces."""
    if isinstance(value, list):
        return [text for item in value if (text := text_of(item))]
    text = text_of(value)
    parts = text.split(",") if "," in text else text.split()
    return [part.strip() for part in parts if part.strip()]


def is_true(value: object) -> bool:
    return value is True or text_of(value).lower() in TRUE


def is_false(value: object) -> bool:
    return value is False or (
        isinstance(value, str) and value.strip().lower() in {"false", "no", "off"}
    )
