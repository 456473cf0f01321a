from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from core.slugs import MAX_LENGTH, free_slug, slugify


@pytest.mark.parametrize(
    ("text", "slug"),
    [
        ("Hello, World!", "hello-world"),
        ("C++ C# .NET", "c-plus-plus-c-sharp-dot-net"),
        ("C++", "c-plus-plus"),
        ("C#", "c-sharp"),
        (".NET", "dot-net"),
        ("Node.js 22.1", "node-js-22-1"),
        ("#hashtag", "hashtag"),
        ("🚀 Why PyTorch Stole the Spotlight", "why-pytorch-stole-the-spotlight"),
        ("Ünïcode — straße", "ünïcode-straße"),
        ("Почему так", "почему-так"),
        ("हिन्दी में", "हिन्दी-में"),
        ("日本語 タイトル", "日本語-タイトル"),
        ("ﬁne ②", "fine-2"),
        ("don't can’t", "dont-cant"),
        ("snake_case", "snake-case"),
        ("❤️ 🧑‍🚀", ""),
        ("   ", ""),
    ],
)
def test_slug_is_readable_in_any_script(text: str, slug: str) -> None:
    assert slugify(text) == slug


def test_long_title_is_cut_at_a_word() -> None:
    slug = slugify("word " * 40)

    assert len(slug) <= MAX_LENGTH
    assert set(slug.split("-")) == {"word"}


def test_taken_slug_gets_a_number() -> None:
    taken = {"a", "a-2"}

    assert free_slug("a", taken.__contains__) == "a-3"


def test_numbered_slug_is_never_too_long() -> None:
    full = "x" * MAX_LENGTH

    assert free_slug(full, {full}.__contains__) == "x" * (MAX_LENGTH - 2) + "-2"


@given(st.text(max_size=300))
def test_slug_of_anything_is_short_and_stable(text: str) -> None:
    slug = slugify(text)

    assert len(slug) <= MAX_LENGTH
    assert slugify(slug) == slug
    assert slug == slug.strip("-")
