from dataclasses import replace
from html.parser import HTMLParser

import markdown
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from toolkit.errors import OutputError
from toolkit.report.markdown import escape
from toolkit.report.view import visible

# Each tries to be something else than text: markup, HTML, a link, a table cell, another line.
TRICKS = (
    "<b>bold</b> <script>x()</script> <!-- gone --> &lt;i&gt; <https://evil.example>",
    "**strong** __strong__ *em* _em_ ~~gone~~ ==mark== ^up^ `code` ``more`` $x$ $$y$$",
    "[link](https://evil.example) ![image](x.png) [ref]: x [^1] [x]{.c} {: .c }",
    "https://evil.example/a|b www.evil.example evil.example a@evil.example mailto:a@b.example @someone",
    "# head", "## head ##", "> quote", "- item", "+ item", "* item", "1. item", "2) item", "---", "***", "===", "***a",
    "```python", "~~~", "    indented", "| a | b |", "a | b", "!!! note", "??? note", ": definition", "[TOC]", "--8<--",
    "one\n\n# two\n\n- three", "one\r\n\r\n<div>",
    "back\\slash \\* \\`", "ends in backslash \\", "`", "*", "_", "**", "|",
    "\u202edrow\x00\x1b[31m\u2028# line", "\t- tab", "&copy; &#42;a&#42; &#x2a;", "http://a`b`c|d<e>f\\g",
)  # fmt: skip


class _Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, *(name for name, _ in attrs)))

    def handle_data(self, data):
        self.text.append(data)


def common_mark(text):
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(text)


def python_markdown(text):
    return markdown.markdown(text, extensions=["extra", "toc", "admonition", "sane_lists"])


@pytest.fixture(params=[common_mark, python_markdown], ids=["markdown-it", "markdown"])
def parsed(request):
    def parse(text):
        parser = _Tags()
        parser.feed(request.param(text))
        parser.close()
        return parser

    return parse


def tricked(stories, words):
    """The fixture's story with the words wherever an outsider's text can stand."""
    one = stories.document((words, words), id="one", outlet=words, title=words, group=words, published=words)
    two = stories.document((f"So {words} end.", words), boilerplate={1}, id="two", url="https://a.example/x|y<z>")
    points = (
        replace(stories.point("p1", (one, 0), (two, 0)), title=words),
        stories.point("p2", (one, 1)),
    )
    sides = (stories.span(one, 0, words), stories.span(two, 0, words))
    found = stories.Difference("d1", "wording", "p1", sides, (), 1, 0.5, words)
    near = stories.Absence("two", "absent", 0.5, sides[1])
    left = stories.Difference("d2", "omission", "p2", sides[:1], ("two",), 1, 0.5, words, (near,))
    made = stories.assemble((one, two), points, (found, left), notes=(words,), support=0.2)
    return stories.with_voices(made, sides, actor=words, group=words)


@pytest.mark.parametrize("trick", TRICKS)
def test_no_element_comes_from_text(stories, parsed, trick):
    plain = parsed(tricked(stories, "plain words").to_markdown())
    shown = parsed(tricked(stories, trick).to_markdown())
    # Addresses stand in code; whether a mark can be bold depends on the letters at its ends.
    assert [t for t in shown.tags if t not in {("code",), ("strong",)}] == [
        t for t in plain.tags if t not in {("code",), ("strong",)}
    ]
    assert not {"a", "img", "script", "div", "em", "del", "pre"} & {t[0] for t in shown.tags}


@pytest.mark.parametrize("trick", TRICKS)
def test_what_is_shown_is_the_text(parsed, trick):
    said = " ".join("".join(parsed(f"Note: {escape(trick)}").text).split())
    assert said == " ".join(f"Note: {visible(trick)}".split())


def test_it_says_who_says_what_and_where(bridge, parsed):
    text = bridge.to_markdown()
    start = bridge.article("w").text.index("a precaution")
    assert f"**Wire**, sentence 2, characters {start} to {start + 12}: “a precaution”" in text
    assert "> The minister called the closure **a precaution**." in text
    assert (
        "**State Agency**: makes the point without this part (confidence 70 %); the sentence that comes nearest:"
        in text
    )
    assert "**Wire**: came out before any report that tells it (confidence 100 %)." in text
    assert "| p3 | The works will finish in six days. | yes | yes | – |" in text
    shown = parsed(text)
    heads = [t[0] for t in shown.tags if t[0] in {"h1", "h2"}]
    assert heads == ["h1", *["h2"] * (len(heads) - 1)]
    assert "Note: One line was set aside." in text
    for part in ("Summaries", "Differences", "What only one report tells", "Who calls it what", "Profiles", "Groups"):
        assert f"## {part}\n" in text


def test_the_address_is_text_and_no_link(bridge, parsed):
    text = bridge.to_markdown()
    assert "| `https://wire.example/bridge?a=1&b=2` |" in text
    assert ("a", "href") not in parsed(text).tags


def test_no_difference_is_said(twins):
    text = twins.to_markdown()
    assert "No meaningful difference found." in text
    assert "These two reports are identical." in text


@pytest.mark.parametrize(
    ("before", "words", "after", "bold"),
    [
        ("The ", "blockade", " ended.", True),
        ("The ", '"blockade"', ", he said.", True),
        ("A", "(b)", " c", False),
        ("A ", "(b)", "c", False),
        ("It cost ", "$40", "m", True),
        ("US", "$40", "m", False),
        ("", "Boats", "", True),
    ],
)
def test_bold_is_used_where_markdown_takes_it(stories, parsed, before, words, after, bold):
    one = stories.document((f"{before}{words}{after}",), id="one", outlet="One")
    two = stories.document(("Other words.",), id="two", outlet="Two")
    start = len(before)
    sides = (one.span(start, start + len(words), sentence=0), stories.span(two, 0, "Other"))
    found = stories.Difference("d1", "wording", "p1", sides, (), 1, 0.5, "Why.")
    text = stories.assemble((one, two), (stories.point("p1", (one, 0), (two, 0)),), (found,)).to_markdown()
    quote = next(line for line in text.splitlines() if line.startswith("> "))
    shown = parsed(quote)
    assert (("strong",) in shown.tags) == bold
    assert "".join(shown.text).strip() == f"{before}{words}{after}"


def test_it_is_the_same_bytes_and_is_written(bridge, tmp_path):
    assert bridge.to_markdown(tmp_path / "new" / "r.md") == bridge.to_markdown()
    assert (tmp_path / "new" / "r.md").read_text(encoding="utf-8") == bridge.to_markdown()
    with pytest.raises(OutputError):
        bridge.to_markdown(tmp_path)


def test_a_long_word_takes_no_long_time():
    assert len(escape("a@" * 200_000)) == 400_002
    assert escape("x" * 400_000) == "x" * 400_000


@given(
    st.text(
        st.sampled_from("ab1 .-+*_`#|<>&;[](){}!:/\\~=^@$\"'\n\t\r") | st.characters(exclude_categories=["Cs"]),
        max_size=30,
    )
)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_text_is_text_wherever_it_stands(stories, text):
    for render in (common_mark, python_markdown):
        shapes = []
        for words in ("plain", text):
            parser = _Tags()
            parser.feed(render(told(stories, words).to_markdown()))
            parser.close()
            shapes.append([t for t in parser.tags if t not in {("code",), ("strong",)}])
        assert shapes[0] == shapes[1]
        assert " ".join(visible(text).split()) in " ".join("".join(parser.text).split())


def told(stories, words):
    """A story with the words as a name, a note, a reason and at the beginning of a sentence."""
    one = stories.document((f"{words}.", "Other."), id="one", outlet=words)
    two = stories.document(("Words.",), id="two", outlet="Two")
    sides = (one.span(0, len(words) + 1, sentence=0), stories.span(two, 0, "Words"))
    found = stories.Difference("d1", "wording", "p1", sides, (), 1, 0.5, words)
    points = (stories.point("p1", (one, 0), (two, 0)), stories.point("p2", (one, 1)))
    return stories.assemble((one, two), points, (found,), notes=(words,))


def test_a_name_of_space_is_no_rule(stories, parsed):
    one, two = (stories.document(("Words.",), id=name, outlet=" \t") for name in ("one", "two"))
    shown = parsed(stories.assemble((one, two), (stories.point("p1", (one, 0), (two, 0)),)).to_markdown())
    assert ("hr",) not in shown.tags


def test_a_bare_domain_is_no_address_and_numbers_are_left_alone():
    assert escape("evil.example said") == "evil&#46;example said"
    assert escape("the U.S. paid 3.5 at 10 a.m. today.") == "the U.S. paid 3.5 at 10 a.m. today."


def test_ids_of_a_saved_result_are_text_too(bridge, parsed):
    bad = "<b>*x*|"
    points = tuple(replace(p, id=p.id + bad) for p in bridge.points)
    differences = tuple(replace(d, id=d.id + bad, point=d.point + bad) for d in bridge.differences)
    coverage = replace(bridge.coverage, points=tuple(p.id for p in points))
    made = replace(bridge, points=points, differences=differences, coverage=coverage)
    assert parsed(made.to_markdown()).tags == parsed(bridge.to_markdown()).tags
