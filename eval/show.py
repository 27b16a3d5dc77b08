"""Runs as data frames and tables: on the terminal, as Markdown, CSV and HTML."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from eval.record import RunFolder, read_predictions, write_atomic
from eval.run import Result, read_results
from toolkit.errors import OutputError, ResultError

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd

_SCORES = (
    "run", "task", "system", "status", "metric", "value", "low", "high", "n", "unit", "main", "lower_is_better",
    "items", "failed", "reason",
)  # fmt: skip
_UNITS = ("run", "task", "system", "unit", "metric", "value")
_ITEMS = ("run", "task", "system", "item", "prediction", "error")

_STYLE = """body { font: 15px/1.5 system-ui; margin: 2rem auto; max-width: 70rem; padding: 0 1rem }
td, th { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #ddd }
figure { margin: 2rem 0 }"""


@dataclass(frozen=True)
class RunFrames:
    """Runs as data frames.

    Args:
        scores: One row a metric; a task and system without scores has one row, with the reason.
        units: One row a metric on one unit alone.
        items: One row an item: its prediction, or the error in its place.
        chosen: Runs whose config names its metrics; tables show all of those.
    """

    scores: "pd.DataFrame"
    units: "pd.DataFrame"
    items: "pd.DataFrame"
    chosen: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        runs = ", ".join(self.scores["run"].unique())
        return f"<RunFrames {runs}: {len(self.scores)} scores, {len(self.items)} items>"


def load_run(path: str | Path) -> RunFrames:
    """One run's record.

    Raises:
        ResultError: If the folder is not a run's, or has no scores yet.
    """
    return load_runs([path])


def load_runs(paths: Iterable[str | Path]) -> RunFrames:
    """Several runs' records in one; `run` tells them apart.

    Raises:
        ResultError: If a folder is not a run's, or has no scores yet.
    """
    import pandas as pd

    scores: list[dict[str, Any]] = []
    units: list[dict[str, Any]] = []
    items: list[dict[str, Any]] = []
    chosen: set[str] = set()
    for path in map(Path, paths):
        folder = RunFolder(path)
        config = folder.config()
        name = f"{config.name}/{path.resolve().name[:6]}"
        chosen |= {name} if config.metrics else set()
        results = read_results(folder)
        if not results:
            raise ResultError(f"{path}: has no scores yet; run the same config again and it goes on")
        for r in results:
            head = {"run": name, "task": r.task, "system": r.system}
            scores += [{**head, **row} for row in _score_rows(r)]
            units += [
                {**head, "unit": u, "metric": m, "value": v} for u, row in r.units.items() for m, v in row.items()
            ]
            rows = read_predictions(folder.predictions(r.task, r.system)).values()
            items += [
                {**head, "item": x["id"], "prediction": x.get("prediction"), "error": x.get("error", "")} for x in rows
            ]
    return RunFrames(
        pd.DataFrame(scores, columns=list(_SCORES)),
        pd.DataFrame(units, columns=list(_UNITS)),
        pd.DataFrame(items, columns=list(_ITEMS)),
        frozenset(chosen),
    )


def table(frames: RunFrames, *, metrics: int = 1) -> "pd.DataFrame":
    """One row a task, system and metric: the first metrics, or all that the config names, with intervals and n."""
    import pandas as pd

    rows = []
    several = len(set(frames.scores["run"])) > 1
    for (run, task, system), part in frames.scores.groupby(["run", "task", "system"], sort=False):
        first = part.iloc[0]
        row = {"run": run} if several else {}
        row |= {"task": task, "system": system}
        if first["status"] != "scored":
            rows.append({**row, "metric": first["status"], "score": first["reason"], "n": "", "unscored": ""})
            continue
        unscored = f"{first['failed']} of {first['items']}" if first["failed"] else ""
        for m in part.head(len(part) if run in frames.chosen else metrics).to_dict("records"):
            name = f"{m['metric']}{' ↓' if m['lower_is_better'] else ''}"
            score = interval(m["value"], m["low"], m["high"])
            rows.append({**row, "metric": name, "score": score, "n": counted(m["n"], m["unit"]), "unscored": unscored})
    frame = pd.DataFrame(rows)
    return frame if frame.empty or frame["unscored"].any() else frame.drop(columns="unscored")


def counted(n: int, unit: str) -> str:
    """A number of units in words: `1 story`, `14 batches of stories`."""
    first, _, rest = unit.partition(" of ")
    many = first if n == 1 else plural(first)
    return f"{n} {many}{' of ' + rest if rest else ''}"


def plural(noun: str) -> str:
    """More than one of it."""
    if noun.endswith("y"):
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "ch", "sh", "x")) else f"{noun}s"


def interval(value: float, low: float, high: float) -> str:
    """A value with its 95 % interval."""
    if math.isnan(value):
        return "–"
    return f"{value:.3f} [{low:.3f}, {high:.3f}]"


def print_table(frames: RunFrames) -> None:
    """The table on standard output."""
    print_frame(table(frames))


def print_frame(frame: "pd.DataFrame") -> None:
    """A data frame of strings on standard output, as wide as the terminal."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    drawn = Table(box=box.SIMPLE_HEAD)
    for column in frame.columns:
        drawn.add_column(str(column), overflow="fold", no_wrap=str(column) in {"score", "n"})
    for row in frame.itertuples(index=False):
        drawn.add_row(*(str(x).replace("[", r"\[") for x in row))
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, 140)
    console.print(drawn)


def to_markdown(frame: "pd.DataFrame") -> str:
    """A data frame of strings as a Markdown table."""
    lines = [list(map(str, frame.columns)), ["---"] * len(frame.columns)]
    lines += [[str(x).replace("|", "\\|") for x in row] for row in frame.itertuples(index=False)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def to_html(frames: RunFrames) -> str:
    """Table and plots as one page that needs nothing else."""
    from eval.plots import interval_chart

    charts = [interval_chart(frames.scores, task) for task in _tasks(frames)]
    return html_page("Values with 95 % bootstrap intervals over n units; ↓ lower is better.", [table(frames)], charts)


def html_page(said: str, tables: "Sequence[pd.DataFrame]", charts: "Sequence[alt.LayerChart]") -> str:
    """Data frames of strings and plots as one page that needs nothing else."""
    from eval.plots import to_svg

    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Evaluation</title><style>{_STYLE}</style>'
        f"<h1>Evaluation</h1><p>{escape(said)}</p>"
        f"{''.join(map(_html_table, tables))}{''.join(f'<figure>{to_svg(c)}</figure>' for c in charts)}</html>\n"
    )


def _html_table(frame: "pd.DataFrame") -> str:
    head = "".join(f"<th>{escape(str(c))}</th>" for c in frame.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(str(x))}</td>" for x in row) + "</tr>" for row in frame.itertuples(index=False)
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def write_tables(
    frames: RunFrames, *, markdown: Path | None = None, csv: Path | None = None, html: Path | None = None
) -> None:
    """Writes what is asked for: the table as Markdown, every score as CSV, a page as HTML.

    Raises:
        OutputError: If a file cannot be written.
    """
    if markdown is not None:
        write_output(markdown, to_markdown(table(frames)))
    if csv is not None:
        write_output(csv, frames.scores.to_csv(index=False))
    if html is not None:
        write_output(html, to_html(frames))


def write_output(path: Path, text: str) -> None:
    """Writes a file that was asked for.

    Raises:
        OutputError: If it cannot be written.
    """
    try:
        write_atomic(path, text)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _score_rows(r: Result) -> Sequence[dict[str, Any]]:
    same = {"status": r.status, "unit": r.unit, "items": r.items, "failed": r.failed, "reason": r.reason}
    if not r.metrics:
        return [{**same, "metric": "", "value": float("nan"), "main": True, "lower_is_better": False}]
    return [
        {**same, "metric": m, "value": e.value, "low": e.low, "high": e.high, "n": e.n, "main": place == 0,
         "lower_is_better": m in r.lower_is_better}
        for place, (m, e) in enumerate(r.metrics.items())
    ]  # fmt: skip


def _tasks(frames: RunFrames) -> list[str]:
    scored = frames.scores[frames.scores["status"] == "scored"]
    return [str(t) for t in scored["task"].unique()]
