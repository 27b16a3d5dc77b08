"""The Markdown report: plain to read, and nothing an article says can become markup, HTML or a link in it."""

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from toolkit.report.view import NOTHING_FOUND, percent, view, visible

if TYPE_CHECKING:
    from toolkit.comparison import Comparison
    from toolkit.report.rows import DifferenceRow, Line, View
    from toolkit.types import Difference

METHOD = """\
Sentences of different reports that make the same point were lined up, and each pair was searched for eight kinds of
difference. Every quotation is verbatim; offsets count characters (Unicode code points) of the report's text from 0, and
the end is one past the last. Strength is a band of confidence.

This is evidence, never a verdict: a difference is no lie, and by itself no bias. Alignment makes mistakes, what the
program is unsure of is left out, and an omission only means that no counterpart was found in the other reports given.
Read both passages in their place, and do not count differences to rank outlets."""

_WORD = re.compile(r"[^\s`|<>\\]+")  # what a code span can hold
# Addresses and mentions, which many viewers turn into links however their letters are written, but never inside code.
_ADDRESSES = ("://", "www.", "@")
_MARKUP = re.compile(r"[\\`*_{}\[\]<>#|~$&=^]")
_NUMBERED = re.compile(r"^(\d+)([.)])")
_DOMAIN = re.compile(r"(?<=\w)\.(?=[^\W\d_]{2})")


def render_markdown(comparison: "Comparison") -> str:
    """The report as CommonMark with tables (GFM); the same text for the same comparison."""
    v = view(comparison)
    parts = [
        f"# How {len(v.outlets)} reports of one event differ",
        *(f"Note: {escape(note)}" for note in v.notes),
        *_reports(v),
        *_summaries(v),
        *_differences(v, comparison.differences),
        *_points(v),
        *_alone(v),
        *_coverage(v),
        *_naming(v),
        *_profiles(v),
        *_groups(v),
        "## Method and limits",
        METHOD,
    ]
    if v.versions:
        parts.append("Made with " + ", ".join(f"{escape(name)} {escape(number)}" for name, number in v.versions) + ".")
    return "\n\n".join(parts) + "\n"


def escape(text: str) -> str:
    """The text on one line, as Markdown that shows it and is nothing but text wherever it stands inside a line.

    Characters of markup become character references, which CommonMark keeps from being markup; an address or mention
    (`://`, `www.`, `@`) becomes a code span, as some viewers link these even where they are escaped.
    """
    line = re.sub(r"\s+", " ", visible(text)).strip()
    out, at = [], 0
    for word in _WORD.finditer(line):
        if any(sign in word[0].casefold() for sign in _ADDRESSES):
            out += [_plain(line[at : word.start()]), f"`{word[0]}`"]
            at = word.end()
    return "".join([*out, _plain(line[at:])])


def _opening(text: str) -> str:
    """The escaped text, fit for the beginning of a line: neither a list, a rule nor an admonition."""
    text = _NUMBERED.sub(lambda m: f"{m[1]}&#{ord(m[2])};", escape(text))
    return f"&#{ord(text[0])};{text[1:]}" if text[:1] in {*"-+!?:.,;%"} else text


def _bold(text: str) -> str:
    """A name in bold; a dash for nothing, as four asterisks would be a rule."""
    return f"**{escape(text) or '–'}**"


def _plain(text: str) -> str:
    text = _MARKUP.sub(lambda m: f"&#{ord(m[0])};", text)
    return _DOMAIN.sub("&#46;", text)


def _table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A GFM table; the head and the cells are Markdown already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell) or '–' for cell in line)} |" for line in lines)


def _quote(line: "Line") -> str:
    """The sentence as a block quote, the words that differ in bold where Markdown can put them so."""
    marked = [n for n, s in enumerate(line.segments) if s.marked]
    if len(marked) == 1:
        n = marked[0]
        before, after = ("".join(s.text for s in part) for part in (line.segments[:n], line.segments[n + 1 :]))
        words = line.segments[n].text
        if _can_be_bold(before, words, after):
            left, right = " " * before[-1:].isspace(), " " * after[:1].isspace()
            return f"> {_opening(before)}{left}{_bold(words)}{right}{escape(after)}".rstrip()
    return f"> {_opening(line.text)}".rstrip()


def _can_be_bold(before: str, words: str, after: str) -> bool:
    """Whether CommonMark takes asterisks around the words for bold (its rule of flanking delimiters)."""
    text = escape(words)
    opens = text[:1].isalnum() or not before or _apart(before[-1])
    return bool(text) and opens and (text[-1].isalnum() or not after or _apart(after[0]))


def _apart(character: str) -> bool:
    """Whether it is a space or punctuation, as text or as what it is escaped to."""
    return character.isspace() or character in string.punctuation or unicodedata.category(character).startswith("P")


def _reports(v: "View") -> Iterator[str]:
    head = ("Report", "Title", "Published", "Group", "Address", "Left out as boilerplate")
    rows = (
        (escape(a.outlet), escape(a.title), escape(a.published), escape(a.group), escape(a.href), len(a.boilerplate))
        for a in v.articles
    )
    yield "## Reports"
    yield _table(head, rows)


def _summaries(v: "View") -> Iterator[str]:
    if v.summaries:
        yield "## Summaries"
    for row in v.summaries:
        yield f"{_bold(row.outlet)}"
        lines = []
        for s in row.sentences:
            doubts = f" (not borne out by the report: {escape(', '.join(s.doubts))})" if s.doubts else ""
            lines.append(f"- {_opening(s.text)}{doubts}")
        yield "\n".join(lines) or "No summary."


def _differences(v: "View", differences: "Sequence[Difference]") -> Iterator[str]:
    yield "## Differences"
    if not v.differences:
        yield NOTHING_FOUND
        return
    yield ", ".join(f"{kind}: {count}" for kind, count in v.kinds.items()) + "."
    for row, difference in zip(v.differences, differences, strict=True):
        yield from _difference(row, difference)


def _difference(row: "DifferenceRow", difference: "Difference") -> Iterator[str]:
    yield f"### {escape(row.id)} · {row.kind}"
    yield f"Point {escape(row.point)}; {row.strength}; confidence {row.confidence}. {escape(row.reason)}"
    for side, span in zip(row.sides, difference.sides, strict=True):
        place = f"sentence {span.sentence + 1}, characters {span.start} to {span.end}"
        yield f"{_bold(side.outlet)}, {place}: “{escape(side.words)}”"
        yield _quote(side.line)
    for absence in row.absent:
        near = "; the sentence that comes nearest:" if absence.nearest else "."
        yield f"{_bold(absence.outlet)}: {absence.found}{near}"
        if absence.nearest:
            yield _quote(absence.nearest)


def _points(v: "View") -> Iterator[str]:
    if v.points:
        yield "## Points that several reports tell"
    for point in v.points:
        differences = f" Differences: {', '.join(map(escape, point.differences))}." if point.differences else ""
        absent = f" Not told by {', '.join(escape(name) for name in point.absent)}." if point.absent else ""
        yield f"### {escape(point.id)}"
        yield "\n".join(f"- {_bold(line.outlet)}: {escape(line.text)}" for line in point.lines)
        if differences or absent:
            yield (differences + absent).strip()


def _alone(v: "View") -> Iterator[str]:
    if v.alone:
        yield "## What only one report tells"
    for row in v.alone:
        yield f"{_bold(row.outlet)}"
        yield "\n".join(f"- {_opening(line.text)}" for point in row.points for line in point.lines)


def _coverage(v: "View") -> Iterator[str]:
    shared = {point.id for point in v.points}
    rows = [
        (escape(row.point), escape(row.title), *("yes" if told else "–" for told in row.told))
        for row in v.coverage
        if row.point in shared
    ]
    if rows:
        yield "## Who tells which shared point"
        yield _table(("Point", "Title", *map(escape, v.outlets)), rows)


def _naming(v: "View") -> Iterator[str]:
    if v.names:
        yield "## Who calls it what"
    for referent in v.names:
        yield _table(
            ("Name", *map(escape, v.outlets)),
            ((escape(n.text), *(c or "–" for c in n.counts)) for n in referent),
        )


def _profiles(v: "View") -> Iterator[str]:
    if v.profiles:
        head = ("Report", "Sentences", "Points", "Shared", "Alone", "Untold", "In quotation marks", "Attributed")
        yield "## Profiles"
        yield "Counts of these reports, never a score of an outlet."
        yield _table(
            head,
            (
                (
                    escape(name),
                    p.sentences,
                    p.points,
                    p.shared,
                    p.alone,
                    p.untold,
                    percent(p.quoted),
                    percent(p.attributed),
                )
                for name, p in v.profiles
            ),
        )
    if v.voices:
        yield "Sources of each report, with the share of the report that is attributed to them:"
        rows = ((escape(row.outlet), *voice) for row in v.voices for voice in row.voices)
        cells = ((outlet, escape(name) or "(not named)", kind, n, share) for outlet, name, kind, n, share in rows)
        yield _table(("Report", "Source", "Kind", "Times", "Share"), cells)
    if v.tones:
        yield "In how good a light the main actors stand, from -1 to 1 (mean, 95 % interval, sentences):"
        yield _table(("Actor", *map(escape, v.outlets)), ((escape(t.actor), *t.cells) for t in v.tones))


def _groups(v: "View") -> Iterator[str]:
    if v.groups:
        yield "## Groups"
        yield _table(
            ("Group", "Reports", "Sentences", "Alone", "In quotation marks", "Attributed"),
            (
                (escape(name), len(g.articles), g.sentences, g.alone, percent(g.quoted), percent(g.attributed))
                for name, g in v.groups
            ),
        )
