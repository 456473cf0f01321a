"""Markdown of our own and the HTML it must give: (name, Markdown, HTML)."""

# ruff: noqa: E501

from __future__ import annotations

REL = 'rel="nofollow ugc noopener"'

IN_BOTH = [
    ("paragraph", "one\ntwo", "<p>one\ntwo</p>\n"),
    ("two paragraphs", "one\n\ntwo", "<p>one</p>\n<p>two</p>\n"),
    ("hard break", "one  \ntwo", "<p>one<br>\ntwo</p>\n"),
    ("backslash break", "one\\\ntwo", "<p>one<br>\ntwo</p>\n"),
    (
        "emphasis",
        "*a* **b** ***c***",
        "<p><em>a</em> <strong>b</strong> <em><strong>c</strong></em></p>\n",
    ),
    ("underscore in a word", "snake_case_name", "<p>snake_case_name</p>\n"),
    ("deleted", "~~a~~", "<p><del>a</del></p>\n"),
    ("deleted, one tilde", "~a~", "<p><del>a</del></p>\n"),
    ("code", "`a < b & c`", "<p><code>a &lt; b &amp; c</code></p>\n"),
    ("code with a backtick", "`` a`b ``", "<p><code>a`b</code></p>\n"),
    ("escaped", r"\*a\*", "<p>*a*</p>\n"),
    ("entity", "&copy; &hearts;", "<p>© ♥</p>\n"),
    ("signs", "a < b > c & d", "<p>a &lt; b &gt; c &amp; d</p>\n"),
    ("shortcode", ":tada: a :+1:", "<p>🎉 a 👍</p>\n"),
    (
        "no shortcode",
        ":nobody: 10:30:45 `:tada:`",
        "<p>:nobody: 10:30:45 <code>:tada:</code></p>\n",
    ),
    ("byte order mark", "\ufeff- a", "<ul>\n<li>a</li>\n</ul>\n"),
    ("emoji", "👩‍💻 💖 🏳️‍🌈", "<p>👩‍💻 💖 🏳️‍🌈</p>\n"),
    ("right to left", "שלום עולם", "<p>שלום עולם</p>\n"),
    ("rule", "---", "<hr>\n"),
    ("quote", "> a", "<blockquote>\n<p>a</p>\n</blockquote>\n"),
    ("list", "- a\n- b", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
    (
        "loose list",
        "- a\n\n- b",
        "<ul>\n<li>\n<p>a</p>\n</li>\n<li>\n<p>b</p>\n</li>\n</ul>\n",
    ),
    ("ordered from 3", "3. a\n4. b", '<ol start="3">\n<li>a</li>\n<li>b</li>\n</ol>\n'),
    (
        "nested list",
        "- a\n  - b",
        "<ul>\n<li>a\n<ul>\n<li>b</li>\n</ul>\n</li>\n</ul>\n",
    ),
    (
        "tasks",
        "- [ ] a\n- [x] b",
        '<ul class="contains-task-list">\n'
        '<li class="task-list-item"><span class="task-box" role="img" '
        'aria-label="To do">☐</span> a</li>\n'
        '<li class="task-list-item"><span class="task-box" role="img" '
        'aria-label="Done">☑</span> b</li>\n</ul>\n',
    ),
    (
        "table",
        "| a | b |\n|:--|--:|\n| 1 | 2 |",
        '<div class="table-scroll" role="region" tabindex="0" aria-label="Table">\n'
        '<table>\n<thead>\n<tr>\n<th class="align-left">a</th>\n'
        '<th class="align-right">b</th>\n</tr>\n</thead>\n<tbody>\n<tr>\n'
        '<td class="align-left">1</td>\n<td class="align-right">2</td>\n</tr>\n'
        "</tbody>\n</table>\n</div>\n",
    ),
    (
        "indented code",
        "    a < b",
        '<figure class="code-block" data-code-block="">\n'
        '<pre tabindex="0"><code>a &lt; b\n</code></pre>\n</figure>\n',
    ),
    ("link to nowhere safe", "[a](javascript:0)", "<p>[a](javascript:0)</p>\n"),
    ("no such reference", "[a][b]", "<p>[a][b]</p>\n"),
    ("empty", "", ""),
    ("white space", " \n\t\n", ""),
]

IN_POSTS = [
    ("link", '[a](/b "c")', '<p><a href="/b" title="c">a</a></p>\n'),
    ("link with &", "[a](/b?c=1&d=2)", '<p><a href="/b?c=1&amp;d=2">a</a></p>\n'),
    ("reference", "[a]\n\n[a]: /b", '<p><a href="/b">a</a></p>\n'),
    (
        "address",
        "<https://a.example/>",
        '<p><a href="https://a.example/">https://a.example/</a></p>\n',
    ),
    (
        "bare address",
        "see https://a.example/b.",
        '<p>see <a href="https://a.example/b">https://a.example/b</a>.</p>\n',
    ),
    (
        "bare address in brackets",
        "(https://a.example/(b))",
        '<p>(<a href="https://a.example/(b)">https://a.example/(b)</a>)</p>\n',
    ),
    (
        "bare host",
        "www.a.example",
        '<p><a href="http://www.a.example">www.a.example</a></p>\n',
    ),
    (
        "bare mail",
        "me@a.example",
        '<p><a href="mailto:me@a.example">me@a.example</a></p>\n',
    ),
    (
        "address in a link",
        "[https://a.example](/b)",
        '<p><a href="/b">https://a.example</a></p>\n',
    ),
    (
        "address in code",
        "`https://a.example`",
        "<p><code>https://a.example</code></p>\n",
    ),
    (
        "another host's path",
        "[a](//b.example/c)",
        '<p><a href="https://b.example/c">a</a></p>\n',
    ),
    ("kbd", "<kbd>Ctrl</kbd>", "<p><kbd>Ctrl</kbd></p>\n"),
    (
        "mark, sub, sup",
        "<mark>a</mark><sub>b</sub><sup>c</sup>",
        "<p><mark>a</mark><sub>b</sub><sup>c</sup></p>\n",
    ),
    (
        "abbr",
        '<abbr title="HyperText">HT</abbr>',
        '<p><abbr title="HyperText">HT</abbr></p>\n',
    ),
    (
        "details",
        "<details>\n<summary>a</summary>\n\n*b*\n\n</details>",
        "<details>\n<summary>a</summary>\n<p><em>b</em></p>\n</details>\n",
    ),
    ("unclosed html", "<div>\n\na", "<div>\n<p>a</p>\n</div>"),
    ("stray end", "a</div>b", "<p>ab</p>\n"),
    ("comment in html", "a <!-- b --> c", "<p>a  c</p>\n"),
    (
        "sign in a value of a picture",
        '<img src="/media/a.png" alt="b>c" title="d">',
        '<img src="/media/a.png" alt="b&gt;c" title="d" loading="lazy" decoding="async">',
    ),
    (
        "picture in a value",
        '<abbr title="a <img src=x> b">c</abbr>',
        '<p><abbr title="a &lt;img src=x> b">c</abbr></p>\n',
    ),
    ("style", '<p style="color:red">a</p>', "<p>a</p>\n"),
    ("foreign class and id", '<p class="x" id="y">a</p>', "<p>a</p>\n"),
    ("script", "<script>a</script>", "&lt;script&gt;a&lt;/script&gt;\n"),
    ("quotation marks", "\"a 'b' c\" it's", "<p>“a ‘b’ c” it’s</p>\n"),
    (
        "quotation marks around emphasis",
        '"*a*" *"b"*',
        "<p>“<em>a</em>” <em>“b”</em></p>\n",
    ),
    ("quotation mark without its other half", '5" "a', '<p>5" "a</p>\n'),
    ("escaped quotation marks", r"\"a\"", '<p>"a"</p>\n'),
    ("apostrophes", "rock 'n' roll in the '90s", "<p>rock ‘n’ roll in the ’90s</p>\n"),
    (
        "dashes",
        "a -- b, 1--2, a---b, --force, `--`",
        "<p>a – b, 1–2, a—b, --force, <code>--</code></p>\n",
    ),
    ("ellipsis", "a... b.... c..", "<p>a… b.... c..</p>\n"),
    (
        "marks in an address",
        "https://a.example/--b...c",
        '<p><a href="https://a.example/--b...c">https://a.example/--b...c</a></p>\n',
    ),
    ("marks that are typed", '<kbd>"</kbd> "a"', '<p><kbd>"</kbd> “a”</p>\n'),
    (
        "abbreviation",
        "HTML, HTMLs\n\n*[HTML]: a b",
        '<p><abbr title="a b">HTML</abbr>, HTMLs</p>\n',
    ),
    ("abbreviation without words", "*[A]:\nA", "<p><abbr>A</abbr></p>\n"),
    (
        "formula",
        "$a^2$",
        '<p><math alttext="a^2" display="inline"><mrow><msup><mi>a</mi><mn>2</mn></msup></mrow></math></p>\n',
    ),
    (
        "formula on its own",
        "$$\na\n$$",
        '<div class="math-block" role="group" tabindex="0" aria-label="Formula"><math alttext="a" display="block"><mrow><mi>a</mi></mrow></math></div>\n',
    ),
    (
        "formula in a fence",
        "```math\na\n```",
        '<div class="math-block" role="group" tabindex="0" aria-label="Formula"><math alttext="a" display="block"><mrow><mi>a</mi></mrow></math></div>\n',
    ),
    ("formula that cannot be read", "$\\frac{a$", "<p><code>\\frac{a</code></p>\n"),
    (
        "sums of money",
        "$5 and $10, US$5 or CA$6, $HOME/$PATH",
        "<p>$5 and $10, US$5 or CA$6, $HOME/$PATH</p>\n",
    ),
    (
        "a writer's own MathML",
        "<math><mi>a</mi></math>",
        "<p>&lt;math&gt;&lt;mi&gt;a&lt;/mi&gt;&lt;/math&gt;</p>\n",
    ),
    (
        "embed",
        "https://youtu.be/abcdefghijk",
        '<figure class="embed" data-embed="https://www.youtube-nocookie.com/embed/abcdefghijk">\n'
        '<a class="embed__link" href="https://youtu.be/abcdefghijk">'
        '<span class="embed__provider">A video on YouTube</span> '
        '<span class="embed__address">youtu.be/abcdefghijk</span></a>\n</figure>\n',
    ),
    (
        "no embed in a sentence",
        "see https://youtu.be/abcdefghijk",
        '<p>see <a href="https://youtu.be/abcdefghijk">https://youtu.be/abcdefghijk</a></p>\n',
    ),
    (
        "no embed of a link with words",
        "[a](https://youtu.be/abcdefghijk)",
        '<p><a href="https://youtu.be/abcdefghijk">a</a></p>\n',
    ),
    ("definitions", "a\n: b", "<dl>\n<dt>a</dt>\n<dd>b</dd>\n</dl>\n"),
    (
        "notice",
        "> [!WARNING]\n> a",
        '<div class="markdown-alert markdown-alert-warning">\n<p class="markdown-alert-title">Warning</p>\n<p>a</p>\n</div>\n',
    ),
    (
        "picture",
        "![a](/media/b.png)",
        '<p><img src="/media/b.png" alt="a" loading="lazy" decoding="async"></p>\n',
    ),
    (
        "picture with a title",
        '![a](/media/b.png "c")',
        '<figure><img src="/media/b.png" alt="a" loading="lazy" decoding="async">\n<figcaption>c</figcaption>\n</figure>\n',
    ),
    (
        "picture in a line",
        'x ![a](/media/b.png "c")',
        '<p>x <img src="/media/b.png" alt="a" title="c" loading="lazy" decoding="async"></p>\n',
    ),
    (
        "picture of another host",
        "![a](https://b.example/c.png)",
        '<p><a href="https://b.example/c.png">a</a></p>\n',
    ),
    (
        "the same in a link",
        "[![a](https://b.example/c.png)](/d)",
        '<p><a href="/d">a</a></p>\n',
    ),
    (
        "picture in html",
        "<img src=/media/b.png width=9 alt=a>",
        '<img src="/media/b.png" alt="a" loading="lazy" decoding="async">',
    ),
    (
        "picture in html of another host",
        '<img src="https://b.example/c.png" alt="a">',
        '<a href="https://b.example/c.png">a</a>',
    ),
]

IN_COMMENTS = [
    ("link", "[a](/b)", f'<p><a href="/b" {REL}>a</a></p>\n'),
    (
        "bare address",
        "https://a.example",
        f'<p><a href="https://a.example" {REL}>https://a.example</a></p>\n',
    ),
    (
        "mail",
        "<me@a.example>",
        f'<p><a href="mailto:me@a.example" {REL}>me@a.example</a></p>\n',
    ),
    ("typed marks", "\"d\" 'e' -- f...", "<p>\"d\" 'e' -- f...</p>\n"),
    ("no formula", "$a$", "<p>$a$</p>\n"),
    ("nobody is known", "@somebody", "<p>@somebody</p>\n"),
    (
        "mail is no mention",
        "a_b@c.example",
        f'<p><a href="mailto:a_b@c.example" {REL}>a_b@c.example</a></p>\n',
    ),
    ("heading", "# a *b*", "<p><strong>a <em>b</em></strong></p>\n"),
    ("underlined heading", "a\n===", "<p><strong>a</strong></p>\n"),
    ("html", "<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>\n"),
    (
        "html block",
        "<details>\na\n</details>",
        "<p>&lt;details&gt;\na\n&lt;/details&gt;</p>\n",
    ),
    ("picture", "![a](/media/b.png)", f'<p><a href="/media/b.png" {REL}>a</a></p>\n'),
    (
        "picture of another host",
        "![](https://b.example/c.png)",
        f'<p><a href="https://b.example/c.png" {REL}>https://b.example/c.png</a></p>\n',
    ),
    ("no footnote", "a[^1]\n\n[^1]: b c", "<p>a[^1]</p>\n<p>[^1]: b c</p>\n"),
]
