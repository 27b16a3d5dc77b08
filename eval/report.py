"""The results page: what was run, each task's table, what was not scored, and where the data comes from."""

import json
import math
from collections import Counter
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from eval.compare import Contest, first_against_rest, superscript
from eval.config import EvalConfig
from eval.record import RunFolder, read_predictions
from eval.run import Result, read_results
from eval.show import counted, interval, to_markdown
from eval.types import Task
from toolkit.errors import ConfigError, ResultError

_CONFIGS = Path("configs/eval")
_COLUMNS = 4  # metrics beside the main one; more of them make a table of their own
_LEVEL = 0.05


@dataclass(frozen=True)
class _Recorded:
    """A run as it lies in its folder."""

    folder: RunFolder
    config: EvalConfig
    record: Mapping[str, Any]
    results: Sequence[Result]

    @property
    def place(self) -> str:
        return f"runs/{self.record['run']}/{self.record['hash']}"


def results_page(places: Sequence[Path], *, name: str = "README.md") -> str:
    """The page over one or several runs; where two have the same task and system, the first is shown.

    Args:
        places: Folders of the runs.
        name: Of the page's file in `eval/`, for the command that it shows.

    Raises:
        ResultError: If a folder is no run's or has no scores, if two runs have different tasks under one name, or if
            data or metrics are no longer what the scores were made with.
    """
    runs = [_read(p) for p in places]
    tasks, shown = _gathered(runs)
    contests = first_against_rest([r.folder for r in runs], _recorded(shown))
    parts = [
        "# Results of the evaluation\n\n"
        "Written by `python -m eval report`; do not edit. What each part means, and how to run it: "
        "[docs/evaluation.md](../docs/evaluation.md).\n\n"
        "A value stands with its 95 % interval: percentiles of a bootstrap over the task's own unit, drawn whole (a "
        "topic, a question, a story, a document), so n counts those units. Systems stand in the order of the main "
        f"metric. {superscript('a')} marks a value that the first system of its table is better than (paired bootstrap "
        f"on the same units, p < {_LEVEL} after Holm's correction over the table); a system without the mark may be as "
        "good. ‡ marks a system whose weights were trained on these very items, so that its row says little. ↓: lower "
        "is better. –: not defined.\n",
        _how(runs, name),
    ]
    fitted = {(s.name, task) for r in runs for s in r.config.systems for task in getattr(s, "trained_on", ())}
    for own, task in tasks.items():
        if own in shown:
            seen = {r.system for r in shown[own] if (r.system, own) in fitted}
            parts.append(_task(task, shown[own], contests.get(own), seen=seen))
    parts += [_unscored(runs, shown), _sources(tasks, runs)]
    return "\n".join(parts)


def _read(path: Path) -> _Recorded:
    folder = RunFolder(path)
    config, results = folder.config(), read_results(folder)
    if not results:
        raise ResultError(f"{path}: has no scores yet; run the same config again and it goes on")
    record = json.loads((path / "record.json").read_text(encoding="utf-8"))
    return _Recorded(folder, config, record, results)


def _gathered(runs: Sequence[_Recorded]) -> tuple[dict[str, Task], dict[str, list[Result]]]:
    """Every task by its name, and what was scored on each, best first."""
    tasks: dict[str, tuple[Task, str]] = {}
    shown: dict[str, dict[str, Result]] = {}
    for run in runs:
        for task in run.config.tasks:
            known = tasks.setdefault(task.name, (task, run.record["data"][task.name]))
            if known != (task, run.record["data"][task.name]):
                raise ResultError(
                    f"{run.place}: {task.name} has other options or data than in a run before; report apart"
                )
        for r in run.results:
            if r.status == "scored":
                shown.setdefault(r.task, {}).setdefault(r.system, r)
    ranked = {name: sorted(rs.values(), key=_worth, reverse=True) for name, rs in shown.items()}
    return {name: task for name, (task, _) in tasks.items()}, ranked


def _worth(result: Result) -> float:
    main, e = next(iter(result.metrics.items()))
    if math.isnan(e.value):
        return -math.inf
    return -e.value if main in result.lower_is_better else e.value


def _recorded(shown: Mapping[str, Sequence[Result]]) -> dict[str, dict[str, float]]:
    return {name: {r.system: next(iter(r.metrics.values())).value for r in rs} for name, rs in shown.items()}


def _how(runs: Sequence[_Recorded], name: str) -> str:
    folders = " ".join(r.place for r in runs)
    commands = [f"python -m eval {_config_file(r)}" for r in runs]
    lines = ["## How they were made\n", "```sh", *commands, f"python -m eval report {folders} --out eval/{name}"]
    lines += ["```\n"]
    for run in runs:
        record, machine = run.record, run.record["machine"]
        commit = f"{record['commit'][:10] or 'unknown'}{' with changes' if record['dirty'] else ''}"
        known = record["versions"]
        packages = ", ".join(f"{p} {known[p]}" for p in ("python", "torch", "transformers", "spacy") if p in known)
        lines.append(
            f"- `{run.place}`: config {run.config.name}, seed {run.config.seed}, {run.config.bootstrap} resamples; "
            f"commit {commit}; {_spent(run)}; {machine['system']} {machine['processor']}, {machine['cores']} cores; "
            f"{packages}"
        )
    return "\n".join(lines) + "\n"


def _config_file(run: _Recorded) -> str:
    """The shipped config of that name if it says the same, wherever the data lay; else the record's own."""
    path = _CONFIGS / f"{run.config.name}.yaml"
    try:
        shipped = EvalConfig.from_yaml(path)
    except ConfigError:
        shipped = None
    same = shipped is not None and shipped.model_copy(update={"data_dir": run.config.data_dir}) == run.config
    return path.as_posix() if same else f"{run.place}/config.yaml"


def _spent(run: _Recorded) -> str:
    path = run.folder.timings
    cells = list(json.loads(path.read_text(encoding="utf-8")).values()) if path.exists() else []
    days = [c["finished"] for c in cells if "finished" in c]
    # Records of before the day was written have that of their scores' file.
    written = datetime.fromtimestamp(run.folder.scores.stat().st_mtime, UTC).date().isoformat()
    seconds = sum(c.get("predicting_s", 0) + c.get("scoring_s", 0) for c in cells)
    memory = max((c.get("peak_memory_mib", 0) for c in cells), default=0)
    spent = f"{seconds / 60:.0f} min" if seconds >= 60 else f"{seconds:.0f} s"
    return f"{max(days, default=written)}, {spent}, {memory} MiB at the peak"


def _task(task: Task, results: Sequence[Result], contest: Contest | None, *, seen: Set[str]) -> str:
    import pandas as pd

    main = next(iter(results[0].metrics))
    names = list(dict.fromkeys(m for r in results for m in r.metrics if m != main))
    beside = names if len(names) <= _COLUMNS else []
    beaten = set(contest.beaten(results[0].system, level=_LEVEL)) if contest else set()
    rows = [
        {
            "system": r.system + "‡" * (r.system in seen),
            _head(main, r): _marked(r, main, marked=r.system in beaten),
            "n": r.metrics[main].n,
        }
        | {_head(m, r): _cell(r, m) for m in beside}
        for r in results
    ]
    unit = counted(2, task.unit).removeprefix("2 ")
    table = pd.DataFrame(rows).rename(columns={"n": f"n ({unit})"})
    text = f"## {task.name}\n\n{to_markdown(table)}"
    if beside != names:
        across = [{"metric": _head(m, results[0])} | {r.system: _cell(r, m) for r in results} for m in names]
        text += f"\n{to_markdown(pd.DataFrame(across))}"
    return text


def _head(metric: str, result: Result) -> str:
    return f"{metric} ↓" if metric in result.lower_is_better else metric


def _cell(result: Result, metric: str) -> str:
    e = result.metrics.get(metric)
    return interval(e.value, e.low, e.high) if e else "–"


def _marked(result: Result, metric: str, *, marked: bool) -> str:
    value, _, rest = _cell(result, metric).partition(" ")
    return f"{value}{superscript('a') if marked else ''}{' ' if rest else ''}{rest}"


def _unscored(runs: Sequence[_Recorded], shown: Mapping[str, Sequence[Result]]) -> str:
    """Skipped and failed systems with the reason, and items without a score."""
    scored = {(r.task, r.system) for rs in shown.values() for r in rs}
    wanting = [r for run in runs for r in run.results if r.status != "scored" and (r.task, r.system) not in scored]
    tasks: dict[tuple[str, str, str], list[str]] = {}
    for r in wanting:
        tasks.setdefault((r.system, r.status, r.reason), []).append(r.task)
    lines = [f"- {s}: {status} on {', '.join(dict.fromkeys(on))}: {why}" for (s, status, why), on in tasks.items()]
    for run in runs:
        for r in run.results:
            if r.status == "scored" and r.failed and any(r is x for x in shown[r.task]):
                lines.append(_broken(run, r))
    return "## Not scored\n\n" + ("\n".join(lines) if lines else "Nothing was skipped, and no item failed.") + "\n"


def _broken(run: _Recorded, result: Result) -> str:
    rows = read_predictions(run.folder.predictions(result.task, result.system)).values()
    (error, times), *more = Counter(row["error"] for row in rows if "error" in row).most_common()
    count = f"{result.failed} of {result.items} items failed"
    others = f"; and {len(more)} other errors" if more else ""
    return f"- {result.system} on {result.task}: {count}: {error} ({times}×){others}"


def _sources(tasks: Mapping[str, Task], runs: Sequence[_Recorded]) -> str:
    import pandas as pd

    hashes = {name: h for run in reversed(runs) for name, h in run.record["data"].items()}
    rows = [
        {"task": name, "split": getattr(task, "split", "") or "–", "limit": getattr(task, "limit", 0) or "–",
         "source and licence": task.source, "data hash": f"`{hashes[name]}`" if hashes[name] else "not there"}
        for name, task in tasks.items()
    ]  # fmt: skip
    return (
        "## Data\n\nOnly the example reports come with the project; each set is read as its source publishes it.\n\n"
        + to_markdown(pd.DataFrame(rows))
    )
