from __future__ import annotations

import pytest

from core.markup import Profile, render
from core.markup.sanitize import sanitize


def html(markdown: str) -> str:
    return render(markdown, Profile.POST).html


@pytest.mark.parametrize(
    "tex",
    [
        r"e^{i\pi}+1=0",
        r"\begin{pmatrix}a&b\\c&d\end{pmatrix}",
        r"\begin{cases}1&x\\2&y\end{cases}",
        r"\left(\frac12\right)",
        r"\text{if } x>0",
        r"\mathbb{R}\quad\hat y\overbrace{abc}^n",
        r"\sqrt[3]{x}\;\operatorname{softmax}(z)_i",
        r"\begin{align}a&=b\\c&=d\end{align}",
    ],
)
def test_common_notation_becomes_mathml_that_is_kept_whole(tex: str) -> None:
    got = html(f"$${tex}$$")

    assert "<math alttext=" in got
    assert "&lt;m" not in got
    assert sanitize(got, Profile.POST) == got


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\style{color:red}{x}",
        r"\class{site-header}{x}",
        r"{" * 60 + "x" + "}" * 60,
        "x" * 3_000,
        r"\frac{a",
        "}{",
    ],
)
def test_what_cannot_or_may_not_be_read_is_shown_as_typed(tex: str) -> None:
    got = html(f"$${tex}$$")

    assert "<math" not in got
    assert "<code>" in got


def test_text_in_a_formula_stays_text() -> None:
    got = html(r"$\text{<img src=x onerror=alert(1)>}$")

    assert "<img" not in got
    assert "&lt;" in got


def test_colors_are_dropped() -> None:
    assert "mathcolor" not in html(r"$\color{red}x$")


def test_formulas_beyond_what_is_affordable_are_shown_as_typed() -> None:
    got = html("$" + "x+" * 400 + "y$\n\n" + ("$" + "z+" * 400 + "y$\n\n") * 30)

    assert "<math" in got
    assert "<code>z+z" in got


@pytest.mark.parametrize(
    "hostile",
    [
        "<math><mtext><table><mglyph><style><img src=x></style></table></math>",
        '<math><mi xlink:href="javascript:alert(1)">x</mi></math>',
        '<math href="javascript:alert(1)" style="x" onclick="x"><mi>x</mi></math>',
        "<mi>x</mi><mtable>y</mtable>",
        "<math><mi><p>x</p><a href='/x'>y</a></mi></math>",
        "<math><annotation-xml encoding='text/html'><p>x</p></annotation-xml></math>",
    ],
)
def test_sanitizer_leaves_formulas_nothing_but_formulas(hostile: str) -> None:
    got = sanitize(hostile, Profile.POST)

    for word in ("href", "style=", "onclick", "<p", "<a", "<table", "<img", "<style"):
        assert word not in got.split("</math>")[0]
    assert sanitize(got, Profile.POST) == got


def test_unclosed_formulas_are_refused_in_time() -> None:
    with pytest.raises(ValueError, match="not closed"):
        html("$$ a\n\n" * 14_000)
