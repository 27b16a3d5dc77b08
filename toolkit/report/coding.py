"""The coder's sheet: one row a finding, in the words of both sides, with empty columns for a human's codes."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

from toolkit.errors import ConfigError
from toolkit.report.files import SHEET_FILES
from toolkit.report.tables import guarded
from toolkit.report.view import outlet_names, visible
from toolkit.types import Kind, Span

if TYPE_CHECKING:
    from toolkit.comparison import Comparison
    from toolkit.types import Difference, Document, PointSentence

CodedKind = Kind | Literal["none"]
CODED = ("valid", "kind", "strength", "note")  # the columns a coder fills
TOOL = ("difference", "tool_kind", "tool_strength", "tool_confidence", "tool_reason")
LONGEST = 8  # words of a control's side: as long as most findings, so that length does not tell
LONG = 400  # words of a sentence that is compared; the time grows with the product of both
_WORD = re.compile(r"\w+(?:[’'.,-]\w+)*")


@dataclass(frozen=True, slots=True)
class Finding:
    """A row of the sheet.

    Args:
        id: Made from its passages, so that it tells neither rank nor kind, and is found again in the same result.
        kind: The tool's; `none` for a control.
        point: Id of its point.
        sides: The words asked about, one span an outlet.
        difference: The difference it stands for; None for a control.
    """

    id: str
    kind: CodedKind
    point: str
    sides: tuple[Span, ...]
    difference: "Difference | None" = None


def findings(comparison: "Comparison") -> tuple[Finding, ...]:
    """The differences shown, in their order."""
    return tuple(Finding(_id(d.kind, d.sides, d.absent), d.kind, d.point, d.sides, d) for d in comparison.differences)


def control_findings(comparison: "Comparison") -> tuple[Finding, ...]:
    """Aligned pairs of sentences without a shown difference, with the words in which they differ most.

    What coders say of these tells how much the tool misses, and how often they see a difference in any two sentences
    put side by side. The words are the longest stretch that a word-by-word comparison (`difflib`) finds replaced, of
    no more than eight words a side; a pair without one makes no control.
    """
    documents = {d.id: d for d in comparison.articles}
    shown = [_sentences(d) for d in comparison.differences]
    made: dict[str, Finding] = {}
    for point in comparison.points:
        members = {(m.article, m.index): m for m in point.sentences}
        for link in point.links:
            keys = (link.a.article, link.a.index), (link.b.article, link.b.index)
            if not {*keys} <= members.keys() or any({*keys} <= sentences for sentences in shown):
                continue
            a, b = (members[key] for key in keys)
            if sides := _replaced(documents[a.article], a, documents[b.article], b):
                finding = Finding(_id("none", sides, ()), "none", point.id, sides)
                made.setdefault(finding.id, finding)
    return tuple(made.values())


def sheet_files(
    comparison: "Comparison", *, blind: bool = False, n: int | None = None, controls: int = 0, seed: int = 0
) -> dict[str, bytes]:
    """The codebook and the sheet (UTF-8 with a byte order mark, which spreadsheets need), by file name.

    Args:
        comparison: What is to be coded.
        blind: Whether the tool's own codes are left out and the rows shuffled.
        n: How many findings, drawn by chance without replacement; all where None or where there are fewer.
        controls: How many controls are put among them, at most.
        seed: Of the draws and the shuffle.

    Raises:
        ConfigError: If `n` is below 1 or `controls` or `seed` below 0.
    """
    for name, value, least in (("n", n, 1), ("controls", controls, 0), ("seed", seed, 0)):
        if value is not None and value < least:
            raise ConfigError(f"coding sheet: {name} is {value}; expected {least} or more")
    import numpy as np

    rng = np.random.default_rng(seed)

    def drawn(found: Sequence[Finding], size: int) -> list[Finding]:
        return [found[i] for i in sorted(rng.choice(len(found), size=min(size, len(found)), replace=False))]

    shown = findings(comparison)
    rows = drawn(shown, len(shown) if n is None else n) + drawn(control_findings(comparison), controls)
    if blind:
        rows = [rows[i] for i in rng.permutation(len(rows))]
    codebook = (files("toolkit.report") / "templates" / "codebook.md").read_bytes()
    sheet = _sheet(comparison, rows, blind=blind).encode("utf-8-sig", "backslashreplace")
    return dict(zip(SHEET_FILES, (codebook, sheet), strict=True))


def _sheet(comparison: "Comparison", rows: Sequence[Finding], *, blind: bool) -> str:
    places = [list(_places(comparison, row)) for row in rows]
    width = max(map(len, places), default=2)
    columns = ["finding", *(() if blind else TOOL), "point"]
    columns += [f"{what}_{n}" for n in range(1, width + 1) for what in ("outlet", "words", "sentence")]
    out = io.StringIO()
    writer = csv.DictWriter(out, [*columns, *CODED], restval="", lineterminator="\n")
    writer.writeheader()
    for row, place in zip(rows, places, strict=True):
        cells: dict[str, Any] = {"finding": row.id, "point": comparison.point(row.point).title}
        if not blind:
            d = row.difference
            tool = (d.id, d.kind, d.strength, round(d.confidence, 3), d.reason) if d else ("control", "", "", "", "")
            cells |= dict(zip(TOOL, tool, strict=True))
        for n, texts in enumerate(place, start=1):
            cells |= dict(zip((f"outlet_{n}", f"words_{n}", f"sentence_{n}"), texts, strict=True))
        writer.writerow({column: guarded(_flat(cell)) for column, cell in cells.items()})
    return out.getvalue()


def _places(comparison: "Comparison", row: Finding) -> Iterator[tuple[str, str, str]]:
    """Outlet, words and sentence of each side, then of each silent report its nearest sentence without words."""
    names = outlet_names(comparison.articles)
    for side in row.sides:
        yield names[side.article], side.text, comparison.article(side.article).sentences[side.sentence].text
    for absence in row.difference.absences if row.difference else ():
        near = absence.nearest
        text = comparison.article(near.article).sentences[near.sentence].text if near else ""
        yield names[absence.article], "", text


def _sentences(d: "Difference") -> set[tuple[str, int]]:
    nearest = (a.nearest for a in d.absences if a.nearest)
    return {(s.article, s.sentence) for s in (*d.sides, *nearest)}


def _replaced(
    one: "Document", a: "PointSentence", two: "Document", b: "PointSentence"
) -> tuple[Span, Span] | tuple[()]:
    """The longest short stretch of words that the one part has and the other has otherwise; nothing if none."""
    left, right = (list(_WORD.finditer(d.text, m.start, m.end)) for d, m in ((one, a), (two, b)))
    if max(len(left), len(right)) > LONG:
        return ()
    words = [[w[0].casefold() for w in side] for side in (left, right)]
    best: tuple[int, ...] = ()
    for tag, i, j, k, m in SequenceMatcher(None, words[0], words[1], autojunk=False).get_opcodes():
        short = tag == "replace" and max(j - i, m - k) <= LONGEST
        if short and (not best or j - i + m - k > best[1] - best[0] + best[3] - best[2]):
            best = (i, j, k, m)
    if not best:
        return ()
    i, j, k, m = best
    return (
        one.span(left[i].start(), left[j - 1].end(), sentence=a.index),
        two.span(right[k].start(), right[m - 1].end(), sentence=b.index),
    )


def _id(kind: str, sides: Sequence[Span], absent: Sequence[str]) -> str:
    parts = (kind, *(f"{s.article}:{s.start}:{s.end}:{s.text}" for s in sides), *absent)
    return "f" + sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:8]


def _flat(cell: Any) -> Any:
    return " ".join(visible(cell).split()) if isinstance(cell, str) else cell
