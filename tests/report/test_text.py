import io
from dataclasses import replace

import pytest
from rich.console import Console

from toolkit.report.text import print_report, render_text
from toolkit.report.view import NOTHING_FOUND


@pytest.fixture
def twelve(stories):
    documents = [stories.document(stories.WIRE, id=f"i{n}", outlet=f"Outlet {n}") for n in range(12)]
    return stories.assemble(documents, [stories.point("p1", *((d, 0) for d in documents))])


def test_report_quotes_every_side(bridge):
    text = render_text(bridge)
    assert "Words between asterisks" in text
    for words in ("*a brief pause*", "*a precaution*", "*a failure*", "*six days*", "*a week*"):
        assert words in text
    assert text.index("NAMING") < text.index("FIGURE") < text.index("OMISSION")
    assert "changes what a reader would believe · confidence 81 %" in text
    assert "without this part (confidence 70 %); nearest: The works" in " ".join(text.split())
    assert "came out before any report that tells it" in text
    assert "Note: One line was set aside." in text
    assert "Left out as boilerplate, Wire: Sign up for our morning letter." in text
    assert NOTHING_FOUND not in text


@pytest.mark.parametrize("width", [40, 80, 100])
def test_report_keeps_to_its_width(bridge, width):
    assert max(map(len, render_text(bridge, width=width).splitlines())) <= width


def test_nothing_found_is_said_once(twins):
    text = render_text(replace(twins, notes=(*twins.notes, "No meaningful difference was found.")))
    assert text.count(NOTHING_FOUND) == text.count("No meaningful difference") == 1
    assert "Note: These two reports are identical." in text
    assert "Copy (2)" in text


def test_many_outlets_are_numbered(twelve):
    text = render_text(twelve)
    assert "1 Outlet 0, 2 Outlet 1" in text
    assert max(map(len, text.splitlines())) <= 100


def test_hostile_text_is_shown_not_run(hostile):
    text = render_text(hostile, width=200)
    assert "[bold red]'quoted'[/] ⟦U+202E⟧evil⟦U+0000⟧⟦U+001B⟧[31m" in text
    assert not {"\x1b", "\x00", "\u202e"} & set(text)
    assert "out by the article: support “<scrip”]" in text


def test_colour_goes_to_a_terminal(bridge):
    out = io.StringIO()
    print_report(bridge, Console(file=out, force_terminal=True, color_system="standard", width=100))
    assert "\x1b[" in out.getvalue()
