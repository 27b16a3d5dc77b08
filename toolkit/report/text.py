"""The terminal report. Data reaches rich as Text, never as markup: an article cannot style or forge the report."""

import io
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from toolkit.report.rows import AloneRow, DifferenceRow, Line, SummaryRow, View
from toolkit.report.view import NOTHING_FOUND, view

if TYPE_CHECKING:
    from toolkit.comparison import Comparison

FOOTER = "Evidence, never a verdict: read the sentences themselves before you judge an outlet."
SIDE_BY_SIDE = 3
NAMED_COLUMNS = 4


def render_text(comparison: "Comparison", width: int = 100) -> str:
    """The report as plain text, `width` columns wide; marked words stand between asterisks."""
    out = io.StringIO()
    console = Console(file=out, width=width, color_system=None, force_terminal=False, legacy_windows=False)
    print_report(comparison, console)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def print_report(comparison: "Comparison", console: Console) -> None:
    """Prints the report to a rich console."""
    for part in _parts(view(comparison)):
        console.print(part)


def _parts(v: View) -> Iterator[RenderableType]:
    yield Text(" · ".join(v.outlets), style="bold")
    for note in v.notes:
        yield Text(f"Note: {_flat(note)}", style="yellow")
    if v.summaries:
        yield _heading("Summaries")
        yield _summaries(v.summaries)
    yield _heading("Differences")
    yield from _differences(v)
    if v.alone:
        yield _heading("What only one tells")
        yield from (_alone(row) for row in v.alone)
    if v.points:
        yield _heading("Who tells which shared point")
        yield from _coverage(v)
    yield Text()
    yield from _boilerplate(v)
    yield Text(FOOTER, style="dim")


def _heading(words: str) -> Group:
    return Group(Text(), Rule(Text(words, style="bold"), align="left", style="dim"))


def _flat(text: str) -> str:
    """Line breaks and runs of space as one space: a quote is a line."""
    return " ".join(text.split())


def _summaries(rows: tuple[SummaryRow, ...]) -> RenderableType:
    if len(rows) > SIDE_BY_SIDE:
        return Group(*(Group(Text(r.outlet, style="bold cyan"), Padding(_summary(r), (0, 0, 1, 2))) for r in rows))
    grid = Table(box=None, expand=True, padding=(0, 2, 0, 0), pad_edge=False)
    for row in rows:
        grid.add_column(Text(row.outlet, style="bold cyan"), ratio=1, overflow="fold")
    grid.add_row(*(_summary(r) for r in rows))
    return grid


def _summary(row: SummaryRow) -> Text:
    lines = []
    for s in row.sentences:
        weak = f" [not borne out by the article: {', '.join(s.doubts)}]" if s.doubts else ""
        lines.append(Text.assemble("– ", _flat(s.text), (weak, "red")))
    return Text("\n").join(lines) if lines else Text("(no summary)", style="dim")


def _differences(v: View) -> Iterator[RenderableType]:
    if not v.differences:
        yield Text(NOTHING_FOUND)
        return
    yield Text(", ".join(f"{kind}: {count}" for kind, count in v.kinds.items()), style="dim")
    yield Text("Words between asterisks are where the reports differ.", style="dim")
    for row in v.differences:
        yield Text()
        yield _difference(row)


def _difference(row: DifferenceRow) -> RenderableType:
    head = Text.assemble(
        (f"{row.id} ", "dim"), (row.kind.upper(), "bold magenta"), f"  {row.strength} · confidence {row.confidence}"
    )
    sides = Table(box=None, show_header=False, padding=(0, 2, 0, 0), pad_edge=False)
    sides.add_column(overflow="fold", max_width=24)
    sides.add_column(overflow="fold", ratio=1)
    for side in row.sides:
        sides.add_row(Text(side.outlet, style="cyan"), _line(side.line))
    for a in row.absent:
        near = f"; nearest: {_flat(a.nearest.text)}" if a.nearest else ""
        sides.add_row(Text(a.outlet, style="cyan"), Text(a.found + near, style="italic"))
    return Group(head, Padding(sides, (0, 0, 0, 2)), Padding(Text(_flat(row.reason), style="dim"), (0, 0, 0, 2)))


def _line(line: Line) -> Text:
    out = Text()
    for s in line.segments:
        words = s.text.replace("\r", " ").replace("\n", " ")
        if s.marked:
            out.append(f"*{words}*", style="bold yellow")
        else:
            out.append(words)
    return out


def _alone(row: AloneRow) -> RenderableType:
    told = (Text(f"– {_flat(line.text)}") for point in row.points for line in point.lines)
    return Group(Text(row.outlet, style="bold cyan"), *(Padding(t, (0, 0, 0, 2)) for t in told))


def _coverage(v: View) -> Iterator[RenderableType]:
    named = len(v.outlets) <= NAMED_COLUMNS
    heads = v.outlets if named else tuple(str(n) for n in range(1, len(v.outlets) + 1))
    shared = {row.id for row in v.points}
    table = Table(box=None, expand=True, padding=(0, 2, 0, 0), pad_edge=False)
    table.add_column(Text("Point"), ratio=1, overflow="ellipsis", no_wrap=True)
    for head in heads:
        table.add_column(Text(head), justify="center", overflow="fold", max_width=16)
    for row in v.coverage:
        if row.point in shared:
            cells = (Text("yes", style="green") if told else Text("–", style="dim") for told in row.told)
            table.add_row(Text(f"{row.point} {_flat(row.title)}"), *cells)
    yield table
    if not named:
        yield Text(", ".join(f"{n} {name}" for n, name in zip(heads, v.outlets, strict=True)), style="dim")


def _boilerplate(v: View) -> Iterable[RenderableType]:
    for article in v.articles:
        if article.boilerplate:
            lines = " | ".join(_flat(line) for line in article.boilerplate)
            yield Text(f"Left out as boilerplate, {article.outlet}: {lines}", style="dim")
