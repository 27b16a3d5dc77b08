"""Systems against each other on the same units: paired bootstrap on each task's main metric, Holm's correction."""

import string
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from eval.config import EvalConfig
from eval.record import RunFolder, data_hashes, read_predictions
from eval.run import read_results, scored_units
from eval.show import html_page, print_frame, to_markdown, write_output
from eval.stats import PairedTest, holm, paired
from eval.types import Task, Unit
from toolkit.errors import ResultError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Contest:
    """One task's paired tests.

    Args:
        task: Its name.
        metric: Its main metric.
        lower_is_better: Of that metric.
        scores: Each system's value, in the order given.
        tests: By pair of systems, with p adjusted over this task's pairs.
    """

    task: str
    metric: str
    lower_is_better: bool
    scores: Mapping[str, float]
    tests: Mapping[tuple[str, str], PairedTest]

    def beaten(self, system: str, *, level: float = 0.05) -> list[str]:
        """The systems that this one is significantly better than."""
        sign = -1 if self.lower_is_better else 1
        out = []
        for (a, b), test in self.tests.items():
            gap = sign * test.difference
            if test.p < level and ((system == a and gap > 0) or (system == b and gap < 0)):
                out.append(b if system == a else a)
        return out


def compare_runs(places: Sequence[str]) -> list[Contest]:
    """Tests every pair of systems on every task that both were scored on.

    Args:
        places: Run folders, each with `:SYSTEM` to take one system of it alone.

    Raises:
        ResultError: If a place is no run, has no such system, or was scored on other data than lies there now.
    """
    asked = [_place(p) for p in places]
    several = len({folder.path.resolve() for folder, _ in asked}) > 1
    columns: dict[str, dict[str, tuple[Task, list[Unit]]]] = {}
    first = asked[0][0].config()
    for folder, only in asked:
        for task, system, units in _scored(folder, only):
            label = f"{folder.path.parent.name}/{folder.path.name[:6]}:{system}" if several else system
            columns.setdefault(task.name, {})[label] = (task, units)
    contests = [
        _contest(name, systems, first, pairs=list(combinations(systems, 2)))
        for name, systems in columns.items()
        if len(systems) > 1
    ]
    if not contests:
        raise ResultError(f"{', '.join(places)}: no task that two systems were scored on")
    return contests


def first_against_rest(folders: Sequence[RunFolder], ranked: Mapping[str, Mapping[str, float]]) -> dict[str, Contest]:
    """Tests each task's first system against every other, Holm's correction being over these pairs alone.

    Args:
        folders: Runs; where two have the same task and system, the first counts.
        ranked: By task, the recorded value of each system, in the order that says which is first.

    Raises:
        ResultError: If data or metrics are no longer those that the values were recorded with.
    """
    columns: dict[str, dict[str, tuple[Task, list[Unit]]]] = {}
    for folder in folders:
        for task, system, units in _scored(folder, ""):
            columns.setdefault(task.name, {}).setdefault(system, (task, units))
    out = {}
    for name, recorded in ranked.items():
        systems = {s: columns[name][s] for s in recorded}
        first, *rest = systems
        contest = _contest(name, systems, folders[0].config(), pairs=[(first, s) for s in rest])
        for system, value in recorded.items():
            now = contest.scores[system]
            if not np.isclose(now, value, rtol=0, atol=1e-9, equal_nan=True):
                raise ResultError(
                    f"{name} / {system}: recorded as {value:.4f}, but the code gives {now:.4f} now; run it again"
                )
        out[name] = contest
    return out


def comparison_table(contests: Sequence[Contest]) -> "pd.DataFrame":
    """One row a task and system; letters name the systems that it is significantly better than."""
    import pandas as pd

    rows = []
    for c in contests:
        letters = dict(zip(c.scores, string.ascii_lowercase, strict=False))
        for system, value in c.scores.items():
            marks = "".join(sorted(letters.get(s, "*") for s in c.beaten(system)))
            name = f"{c.metric}{' ↓' * c.lower_is_better}"
            score = f"{value:.3f}{superscript(marks)}"
            rows.append(
                {"task": c.task, "metric": name, "": letters.get(system, "*"), "system": system, "value": score}
            )
    return pd.DataFrame(rows)


def tests_frame(contests: Sequence[Contest]) -> "pd.DataFrame":
    """One row a pair of systems: difference, interval, adjusted p, n."""
    import pandas as pd

    return pd.DataFrame(
        [
            {"task": c.task, "metric": c.metric, "a": a, "b": b, "difference": t.difference, "low": t.low,
             "high": t.high, "p_holm": t.p, "n": t.n}
            for c in contests
            for (a, b), t in c.tests.items()
        ]
    )  # fmt: skip


def print_comparison(contests: Sequence[Contest]) -> None:
    """The table and the tests on standard output."""
    print_frame(comparison_table(contests))
    print_frame(_said(contests))


def write_comparison(
    contests: Sequence[Contest], *, markdown: Path | None = None, csv: Path | None = None, html: Path | None = None
) -> None:
    """Writes both tables as Markdown, the tests as CSV, tables and plots as a page of HTML.

    Raises:
        OutputError: If a file cannot be written.
    """
    if markdown is not None:
        write_output(markdown, to_markdown(comparison_table(contests)) + "\n" + to_markdown(_said(contests)))
    if csv is not None:
        write_output(csv, tests_frame(contests).to_csv(index=False))
    if html is not None:
        write_output(html, to_html(contests))


def to_html(contests: Sequence[Contest]) -> str:
    """Both tables and a plot of differences a task, as one page that needs nothing else."""
    from eval.plots import difference_chart

    tests = tests_frame(contests)
    said = "Letters name the systems that a value is significantly better than (paired bootstrap, Holm, p < 0.05)."
    charts = [difference_chart(tests, c.task) for c in contests]
    return html_page(said, [comparison_table(contests), _said(contests)], charts)


def superscript(letters: str) -> str:
    """Letters as superscripts; q, which Unicode has none of, stays as it is."""
    raised = "ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖqʳˢᵗᵘᵛʷˣʸᶻ"
    return letters.translate(str.maketrans(string.ascii_lowercase, raised))


def _said(contests: Sequence[Contest]) -> "pd.DataFrame":
    frame = tests_frame(contests)
    gap = [f"{r.difference:+.3f} [{r.low:+.3f}, {r.high:+.3f}]" for r in frame.itertuples()]
    return frame[["task", "a", "b"]].assign(difference=gap, p=frame["p_holm"].map("{:.3f}".format), n=frame["n"])


def _place(text: str) -> tuple[RunFolder, str]:
    if Path(text).is_dir():
        return RunFolder(Path(text)), ""
    path, _, system = text.rpartition(":")
    if not path or not Path(path).is_dir():
        raise ResultError(f"{text}: no such run; expected a folder runs/<name>/<hash>, or one with :SYSTEM after it")
    return RunFolder(Path(path)), system


def _scored(folder: RunFolder, only: str) -> list[tuple[Task, str, list[Unit]]]:
    import json

    config = folder.config()
    names = [s.name for s in config.systems]
    if only and only not in names:
        raise ResultError(f"{folder.path}: no system {only!r}; there are {', '.join(names)}")
    then, now = json.loads((folder.path / "record.json").read_text(encoding="utf-8"))["data"], data_hashes(config)
    out: list[tuple[Task, str, list[Unit]]] = []
    for task in config.tasks:
        done = [r for r in read_results(folder) if r.task == task.name and r.status == "scored"]
        done = [r for r in done if not only or r.system == only]
        if not done:
            continue
        if then[task.name] != now[task.name]:
            raise ResultError(f"{folder.path}: the data of {task.name} is not what it was scored on; run it again")
        items = task.items(task.load(config.root))
        for r in done:
            rows = read_predictions(folder.predictions(r.task, r.system))
            out.append((task, r.system, scored_units(task, items, rows)))
    return out


def _contest(
    name: str,
    systems: Mapping[str, tuple[Task, list[Unit]]],
    config: EvalConfig,
    *,
    pairs: Sequence[tuple[str, str]],
) -> Contest:
    task = next(iter(systems.values()))[0]
    metric = task.metrics[0]
    known: dict[int, dict[str, float]] = {}

    def measure(units: Sequence[Unit]) -> dict[str, float]:
        # A system meets the same resamples in each of its pairs.
        key = hash(tuple(map(id, units)))
        if key not in known:
            known[key] = task.measure(units)
        return known[key]

    tests = [
        paired(systems[a][1], systems[b][1], measure, metric=metric, rounds=config.bootstrap, seed=config.seed)
        for a, b in pairs
    ]
    adjusted = [replace(t, p=p) for t, p in zip(tests, holm([t.p for t in tests]), strict=True)]
    values = {s: task.measure(sorted(units, key=lambda u: u.id))[metric] for s, (_, units) in systems.items()}
    return Contest(name, metric, metric in task.lower_is_better, values, dict(zip(pairs, adjusted, strict=True)))
