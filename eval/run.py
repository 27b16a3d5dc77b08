"""The runner: tasks times systems, each prediction written down as it is made, so that a run can be cut and go on."""

import json
import os
import resource
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from eval.config import EvalConfig
from eval.record import RunFolder, open_run, read_predictions, write_atomic, write_json
from eval.stats import Estimate, estimates
from eval.types import Item, System, Task, Unit
from toolkit.errors import SamestoryError

Progress = Callable[[str, str, int, int], None]
Status = Literal["scored", "failed", "skipped"]


@dataclass(frozen=True)
class Result:
    """What came of one task with one system.

    Args:
        task: Its name.
        system: Its name.
        family: What the system was asked for.
        unit: What the intervals resample.
        status: Skipped is a system that cannot run here; failed is a task or system that broke as a whole.
        reason: Why it was skipped or failed.
        items: How many there are.
        failed: How many of them the system broke on; they are unscored.
        metrics: The main one first.
        lower_is_better: Of the metrics.
        units: Each metric on each unit alone; NaN where it is not defined there.
    """

    task: str
    system: str
    family: str
    unit: str
    status: Status
    reason: str = ""
    items: int = 0
    failed: int = 0
    metrics: Mapping[str, Estimate] = field(default_factory=dict)
    lower_is_better: tuple[str, ...] = ()
    units: Mapping[str, Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class Run:
    """A finished run: its folder, its results in the order of the config, and the data's hashes."""

    folder: Path
    results: tuple[Result, ...]
    data: Mapping[str, str]

    @property
    def well(self) -> bool:
        """Whether nothing failed; what was skipped did not."""
        return all(r.status != "failed" and not r.failed for r in self.results)


def run(config: EvalConfig, *, out: Path = Path("runs"), progress: Progress | None = None) -> Run:
    """Runs every task with every system of its family; goes on where an earlier run of the same thing stopped.

    Args:
        config: The options.
        out: Folder of all runs.
        progress: Called with (task, system, done, total).
    """
    tell = progress or (lambda task, system, done, total: None)
    folder, data = open_run(config, out=out)
    known = {(r.task, r.system): r for r in read_results(folder) if r.status == "scored"}
    results: dict[tuple[str, str], Result] = {}
    for task in config.tasks:
        systems = [s for t, s in config.cells if t is task]
        for result in _task(task, systems, config=config, folder=folder, known=known, tell=tell):
            results[result.task, result.system] = result
            ordered = [{**known, **results}.get((t.name, s.name)) for t, s in config.cells]
            write_json(folder.scores, {"results": [asdict(r) for r in ordered if r]})
    return Run(folder.path, tuple(results[t.name, s.name] for t, s in config.cells), data)


def read_results(folder: RunFolder) -> list[Result]:
    """What `scores.json` holds; nothing where there is none yet."""
    if not folder.scores.exists():
        return []
    nan = float("nan")
    out = []
    for raw in json.loads(folder.scores.read_text(encoding="utf-8"))["results"]:
        metrics = {name: _estimate(e) for name, e in raw["metrics"].items()}
        units = {u: {k: nan if v is None else v for k, v in row.items()} for u, row in raw["units"].items()}
        lower = tuple(raw["lower_is_better"])
        out.append(Result(**{**raw, "metrics": metrics, "units": units, "lower_is_better": lower}))
    return out


def _estimate(raw: Mapping[str, Any]) -> Estimate:
    value, low, high = (float("nan") if raw[k] is None else float(raw[k]) for k in ("value", "low", "high"))
    return Estimate(value, low, high, int(raw["n"]))


def scored_units(task: Task, items: Sequence[Item], rows: Mapping[str, Mapping[str, Any]]) -> list[Unit]:
    """The task's units from recorded predictions; items that failed are left out."""
    return task.units(items, {i: row["prediction"] for i, row in rows.items() if "prediction" in row})


def _task(
    task: Task,
    systems: Sequence[System],
    *,
    config: EvalConfig,
    folder: RunFolder,
    known: Mapping[tuple[str, str], Result],
    tell: Progress,
) -> Iterator[Result]:
    items: list[Item] | None = None
    broken = ""
    for system in systems:
        if (done := known.get((task.name, system.name))) is not None:
            tell(task.name, system.name, done.items, done.items)
            yield done
            continue
        if why := system.missing():
            yield _result(task, system, "skipped", why)
            continue
        if items is None and not broken:
            try:
                items = _items(task, config.root)
            except Exception as error:  # a task that breaks is recorded, and the others go on
                broken = _said(error)
        if items is None:
            yield _result(task, system, "failed", broken)
            continue
        try:
            yield _cell(task, system, items, config=config, folder=folder, tell=tell)
        except Exception as error:  # likewise for a system, or for metrics on what it gave
            yield _result(task, system, "failed", _said(error), items=len(items))


def _items(task: Task, root: Path) -> list[Item]:
    items = task.items(task.load(root))
    if not items:
        raise ValueError(f"{task.name}: the data is there, but gives no items")
    if len({i.id for i in items}) != len(items):
        raise ValueError(f"{task.name}: two items have one id")
    return items


def _cell(
    task: Task, system: System, items: Sequence[Item], *, config: EvalConfig, folder: RunFolder, tell: Progress
) -> Result:
    path = folder.predictions(task.name, system.name)
    spent = _predict(system, items, path=path, tell=lambda n: tell(task.name, system.name, n, len(items)))
    # Scored from what was written, not from memory: a resumed run must see the very same numbers.
    rows = read_predictions(path)
    begun = time.perf_counter()
    units = scored_units(task, items, rows)
    if task.name == "framediff":
        _annotators_files(path.with_suffix(""), rows)
    failed = sum("error" in row for row in rows.values())
    if not units:
        first = next((row["error"] for row in rows.values() if "error" in row), "the task made no unit of them")
        return _result(task, system, "failed", f"no item could be scored: {first}", items=len(items), failed=failed)
    chosen = config.metrics_of(task)

    def measure(some: Sequence[Unit]) -> dict[str, float]:
        values = task.measure(some)
        return {m: values[m] for m in chosen if m in values}

    metrics = estimates(units, measure, rounds=config.bootstrap, seed=config.seed)
    alone = {u.id: measure([u]) for u in sorted(units, key=lambda u: u.id)}
    _note_time(folder, f"{task.name}/{system.name}", {**spent, "scoring_s": round(time.perf_counter() - begun, 3)})
    return _result(task, system, "scored", items=len(items), failed=failed, metrics=metrics, units=alone)


def _predict(system: System, items: Sequence[Item], *, path: Path, tell: Callable[[int], None]) -> dict[str, float]:
    """Appends a line for each item that has none; each is on disk before the next begins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    done = read_predictions(path)
    tell(len(done))
    begun, count = time.perf_counter(), 0
    with path.open("a", encoding="utf-8") as file:
        for item in items:
            if item.id in done:
                continue
            file.write(_line(system, item) + "\n")
            file.flush()
            os.fsync(file.fileno())
            count += 1
            tell(len(done) + count)
    return {"items": count, "predicting_s": round(time.perf_counter() - begun, 3)}


def _line(system: System, item: Item) -> str:
    try:
        row = {"id": item.id, "prediction": system.predict(item)}
        return json.dumps(row, ensure_ascii=False, allow_nan=False)
    except Exception as error:  # one item must not cost the run
        return json.dumps({"id": item.id, "error": _said(error)}, ensure_ascii=False)


def _said(error: Exception) -> str:
    text = " ".join(str(error).split())
    return text if isinstance(error, SamestoryError) else f"{type(error).__name__}: {text}"


def _result(task: Task, system: System, status: Status, reason: str = "", **rest: Any) -> Result:
    lower = tuple(m for m in task.metrics if m in task.lower_is_better)
    return Result(task.name, system.name, task.family, task.unit, status, reason, **{"lower_is_better": lower, **rest})


def _annotators_files(folder: Path, rows: Mapping[str, Mapping[str, Any]]) -> None:
    """One file a pair in the annotators' format, as the set's score.py reads them."""
    for name, row in rows.items():
        if "prediction" in row:
            text = json.dumps({"id": name, **row["prediction"]}, ensure_ascii=False, indent=1)
            write_atomic(folder / f"{name}.json", text + "\n")


def _note_time(folder: RunFolder, cell: str, spent: Mapping[str, float]) -> None:
    """Adds to what earlier, interrupted runs of the same cell took."""
    timings = json.loads(folder.timings.read_text(encoding="utf-8")) if folder.timings.exists() else {}
    old = timings.get(cell, {})
    kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    total = {k: round(v + old.get(k, 0), 3) for k, v in spent.items()}
    day = datetime.now(UTC).date().isoformat()
    timings[cell] = {**total, "peak_memory_mib": round(kib / 1024), "finished": day}
    write_json(folder.timings, timings)
