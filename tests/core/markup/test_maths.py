from __future__ import annotations

import pytest

from core.markup import Profile, mathml, render
from core.markup.sanitize import sanitize
from tests.core.markup.html_rules import canonical, elements, oracle


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
    assert canonical(oracle(got, Profile.POST)) == canonical(got)


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


@pytest.mark.parametrize(
    "text", ["if i<n", "<b>x</b>", "<!--", "a<b>c", "<table><tr><td>", "a &amp; b"]
)
def test_text_in_a_formula_stays_text(text: str) -> None:
    got = html(rf"before $\text{{{text}}}$ after" + "\n\nsecond")
    [formula] = [node for node in elements(got) if node.tag.endswith("math")]

    assert "".join(formula.itertext()).replace("\xa0", " ") == text
    assert got.endswith("</math> after</p>\n<p>second</p>\n")
    assert {node.tag.rpartition("}")[2] for node in formula.iter()} <= mathml.TAGS


@pytest.mark.parametrize(
    "markdown", ["Text:\n$$\na\n$$", "- a\n  $$\n  b\n  $$", "> a\n> $$\n> b\n> $$"]
)
def test_formula_ends_the_paragraph_before_it(markdown: str) -> None:
    assert 'class="math-block"' in html(markdown)
    assert "$" not in html(markdown)


def test_formula_between_words_may_be_displayed() -> None:
    got = html("a $$x$$ b, and | $$ | $$ and $$")

    assert got.count('display="block"') == 1
    assert "and | $$ | $$ and $$" in got


def test_formula_of_a_heading_is_in_the_contents() -> None:
    [entry] = render("## What is $x$?", Profile.POST).toc

    assert (entry.text, entry.id) == ("What is x?", "section-what-is-x")


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
        "<math><mi><table><tr><td>x<b>y</b></td></tr></table></mi></math>",
        "<math><annotation-xml encoding='text/html'><p>x</p></annotation-xml></math>",
    ],
)
def test_sanitizer_leaves_formulas_nothing_but_formulas(hostile: str) -> None:
    got = sanitize(hostile, Profile.POST)

    for formula in elements(got):
        if formula.tag.endswith("math"):
            names = {node.tag.rpartition("}")[2] for node in formula.iter()}
            assert names <= mathml.TAGS
    for word in ('href="java', "style=", "onclick", "<style"):
        assert word not in got
    assert sanitize(got, Profile.POST) == got


def test_unclosed_formulas_are_refused_in_time() -> None:
    with pytest.raises(ValueError, match="not closed"):
        html("$$ a\n\n" * 14_000)
