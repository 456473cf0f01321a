from __future__ import annotations

import pytest

from core.markup import Profile, plain_text, render
from core.markup.budget import Budget
from core.markup.fence import FenceInfo, parse_info
from core.markup.highlight import find_lexer, highlighted
from core.markup.limits import LIMITS


def html(markdown: str, profile: Profile = Profile.POST) -> str:
    return render(markdown, profile).html


class TestBlock:
    def test_has_language_title_and_classes(self) -> None:
        got = html('```python {1} title="train.py"\nimport os  # <x>\n```')

        assert '<figure class="code-block" data-code-block="">' in got
        assert '<span class="code-block__title">train.py</span>' in got
        assert '<span class="code-block__language">Python</span>' in got
        assert '<pre tabindex="0"><code class="language-python">' in got
        assert '<span class="k">import</span> <span class="nn">os</span>' in got
        assert '<span class="c"># &lt;x&gt;</span>' in got

    def test_title_without_a_language(self) -> None:
        assert '__title">notes.txt</span>' in html('```title="notes.txt"\nx\n```')

    def test_unknown_language_is_plain_text(self) -> None:
        got = html("```klingon\nlet x = 1\n```")

        assert '<span class="code-block__language">klingon</span>' in got
        assert '<code class="language-klingon">' in got
        assert ">let x = 1\n</span>" in got

    @pytest.mark.parametrize("language", ["", "text", "txt", "plaintext"])
    def test_plain_text_has_no_caption(self, language: str) -> None:
        assert "figcaption" not in html(f"```{language}\nx\n```")

    def test_every_line_closes_its_spans(self) -> None:
        got = html('```python\n"""a\nb"""\n```')

        assert '<span class="s">"""a</span>\n</span>' in got
        assert '<span class="s">b"""</span>\n</span>' in got

    def test_no_button_is_stored(self) -> None:
        assert "button" not in html("```js\nlet x\n```")

    def test_ten_thousand_lines_are_plain(self) -> None:
        got = html("```python\n" + "x = 1\n" * 10_000 + "```")

        assert "<span" not in got.split("<pre")[1]
        assert got.count("x = 1") == 10_000

    def test_words_are_never_changed(self) -> None:
        code = "if a < b && c > 'd':\n\treturn \"é\"\n\n\n"

        for language in ("python", "js", "html", "rust", "sql", "console"):
            text = html(f"```{language}\n{code}```").split("<code")[1]
            assert plain_text("<p" + text) == plain_text(
                "<p>" + code.replace("&", "&amp;").replace("<", "&lt;")
            )

    def test_session_of_a_shell_has_prompts(self) -> None:
        assert '<span class="gp">$ </span>ls' in html("```sh\n$ ls\n```")
        assert "gp" not in html("```sh\nls $HOME\n```")

    def test_highlighting_counts_no_time_of_the_first_use(self) -> None:
        budget = Budget(LIMITS[Profile.COMMENT])

        highlighted("x = 1\n" * 20, find_lexer("python"), budget)

        assert 0 < budget.seconds < LIMITS[Profile.COMMENT].highlighted_seconds

    def test_comment_has_the_same_blocks(self) -> None:
        code = "> ```python\n> x = 1\n> ```"

        assert html(code, Profile.COMMENT) == html(code)


class TestInfo:
    @pytest.mark.parametrize(
        ("line", "info"),
        [
            ("", FenceInfo()),
            ("python", FenceInfo("python")),
            ("  Python  ", FenceInfo("Python")),
            ("c++ something else", FenceInfo("c++")),
            ("python linenos", FenceInfo("python", is_numbered=True)),
            ("linenos", FenceInfo("", is_numbered=True)),
            (
                'python {3,5-7} title="train.py"',
                FenceInfo(
                    "python",
                    "train.py",
                    marked=(range(3, 4), range(5, 8)),
                    is_numbered=True,
                ),
            ),
            ("js{2}", FenceInfo("js", marked=(range(2, 3),), is_numbered=True)),
            ("title='a b' js", FenceInfo("", "a b", is_numbered=True)),
            ("py start=10", FenceInfo("py", start=10, is_numbered=True)),
            (
                'py title="a&quot;b" start=2',
                FenceInfo("py", 'a"b', start=2, is_numbered=True),
            ),
            ("py diff", FenceInfo("py", is_diff=True)),
            ("diff", FenceInfo("diff", is_diff=True)),
            (
                'py title="linenos {1} diff"',
                FenceInfo("py", "linenos {1} diff", is_numbered=True),
            ),
            ("py {x} {} {-}", FenceInfo("py")),
        ],
    )
    def test_is_read(self, line: str, info: FenceInfo) -> None:
        assert parse_info(line) == info

    def test_hostile_line_is_short_work(self) -> None:
        assert parse_info("a " + "{1," * 100_000).language == "a"


class TestLines:
    def test_have_addresses_by_the_title(self) -> None:
        got = html('```python title="train.py"\na\nb\n```')

        assert 'id="train-py-L1"' in got
        assert 'href="#train-py-L2"' in got
        assert 'data-line="2" aria-label="Line 2"' in got

    def test_have_addresses_in_any_script(self) -> None:
        got = html('```python title="हिन्दी.py"\na\n```')

        assert 'id="हिन्दी-py-L1"' in got
        assert 'href="#हिन्दी-py-L1"' in got

    def test_have_addresses_by_their_place_otherwise(self) -> None:
        got = html("```python\na\n```\n\n```js\nb\n```")

        assert 'id="code-1-L1"' in got
        assert 'id="code-2-L1"' in got
        assert "code-line__number" not in got

    def test_of_one_title_twice_differ(self) -> None:
        got = html('```js title="a"\nb\n```\n\n```js title="a"\nc\n```')

        assert 'id="a-L1"' in got
        assert 'id="a-2-L1"' in got

    def test_of_several_texts_differ_by_their_anchor(self) -> None:
        got = render("```js\na\n```", Profile.COMMENT, anchor="abc").html

        assert 'id="abc-code-1-L1"' in got

    def test_begin_where_it_says(self) -> None:
        got = html("```python start=41 {42}\na\nb\n```")

        assert '<span class="code-line" id="code-1-L41">' in got
        assert '<mark class="code-line" id="code-1-L42">' in got

    def test_that_are_marked(self) -> None:
        got = html("```python {1,3-4}\na\nb\nc\nd\n```")

        assert got.count("<mark") == 3
        assert '<span class="code-line" id="code-1-L2">' in got

    def test_without_a_language_or_options_are_plain(self) -> None:
        assert "code-line" not in html("```\na\n```\n\n    b")

    def test_beyond_what_is_affordable_are_plain(self) -> None:
        block = "```python\n" + "x = 1\n" * 1_500 + "```\n\n"
        got = html(block * 2)

        assert got.count('class="code-line"') == 1_500


class TestDiff:
    def test_marks_lines_and_highlights_the_code(self) -> None:
        got = html("```python diff\n a = 1\n-b = 2\n+b = 3\n```")

        assert '<del class="code-line" id="code-1-L2">' in got
        assert (
            '<span class="code-line__sign">-</span>b = <span class="m">2</span>' in got
        )
        assert '<ins class="code-line" id="code-1-L3">' in got
        assert ">a = " in got

    def test_without_a_language_is_the_same(self) -> None:
        got = html("```diff\n-a\n+b\n```")

        assert "<del" in got
        assert "<ins" in got

    def test_without_a_margin_keeps_the_lines_as_they_are(self) -> None:
        got = html("```python diff\na = 1\n+b = 3\n```")

        assert ">a = " in got
        assert '<span class="code-line__sign">+</span>b = ' in got

    def test_removed_comment_makes_no_patch(self) -> None:
        got = html("```sql diff\n--- old\n+SELECT 1\n```")

        assert '<span class="code-line__sign">+</span>' in got

    def test_patch_keeps_its_marks(self) -> None:
        got = html("```diff\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n```")

        assert "<ins" not in got
        assert '<span class="gi">+b</span>' in got
