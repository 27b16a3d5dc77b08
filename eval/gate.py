"""The quality gate: fails when a score falls below its floor in `eval/baselines.json`.

python -m eval.gate [--config configs/eval/gate.yaml] [--data DIR] [--out runs] [--update] [--allow-lower]

A floor of a metric where lower is better is a ceiling. `--update` raises floors to what was measured, less a margin;
lowering one takes `--allow-lower` and a line in CHANGELOG.md under Unreleased that names the task.
"""

import argparse
import json
import math
import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from eval.__main__ import progress_display
from eval.config import EvalConfig
from eval.record import write_json
from eval.run import Result, run
from eval.show import counted
from eval.types import Task
from toolkit.errors import SamestoryError

_ROOT = Path(__file__).parents[1]
BASELINES = Path(__file__).parent / "baselines.json"
CHANGELOG = _ROOT / "CHANGELOG.md"
CONFIG = _ROOT / "configs" / "eval" / "gate.yaml"
MARGIN = 0.02

Floors = dict[str, dict[str, Any]]


def main(argv: Sequence[str] | None = None) -> int:
    """Scores, prints a table, and gives 1 if a floor breaks, 2 if the config is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--data", help="data root, in place of the config's")
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of all runs")
    parser.add_argument("--update", action="store_true", help=f"raise the floors to what was measured, less {MARGIN}")
    parser.add_argument("--allow-lower", action="store_true", help="with --update: floors may fall too")
    args = parser.parse_args(argv)
    try:
        config = EvalConfig.from_yaml(args.config)
        if args.data:
            config = config.model_copy(update={"data_dir": args.data})
        return _gate(config, args)
    except SamestoryError as error:
        print(f"quality gate: {error}", file=sys.stderr)
        return 2


def _gate(config: EvalConfig, args: argparse.Namespace) -> int:
    absent = [t.name for t in config.tasks if not _there(t, config.root)]
    for name in absent:
        print(f"quality gate: {name} skipped: no data below {config.root}")
    present = [t for t in config.tasks if t.name not in absent]
    if absent and os.environ.get("CI"):
        print("quality gate: in CI every task must have its data")
        return 1
    if not present:
        return 0
    with progress_display() as progress:
        done = run(config.model_copy(update={"tasks": present}), out=args.out, progress=progress)
    floors: Floors = json.loads(BASELINES.read_text(encoding="utf-8"))
    problems: list[str] = []
    for task in present:
        known = floors.setdefault(task.name, {"data": done.data[task.name], "floors": {}})
        if known["data"] != done.data[task.name] and not args.update:
            problems.append(
                f"{task.name}: the data has changed: {done.data[task.name]}, floors are for {known['data']}"
            )
        known["data"] = done.data[task.name]
        for result in (r for r in done.results if r.task == task.name):
            problems += _update(result, known, args) if args.update else _check(result, known)
    for line in problems:
        print(f"quality gate: {line}")
    if args.update and not problems:
        write_json(BASELINES, floors)
    return 1 if problems else 0


def _there(task: Task, root: Path) -> bool:
    try:
        return bool(task.files(root))
    except SamestoryError:
        return False


def _check(result: Result, known: dict[str, Any]) -> list[str]:
    broken = _failures(result)
    floors = known["floors"].get(result.system, {})
    if result.status == "scored" and not floors:
        print(f"{result.task} / {result.system}: no floors yet; set them with --update")
    for metric, floor in floors.items():
        if result.status != "scored":
            break
        if metric not in result.metrics:
            broken.append(f"{result.task} / {result.system}: has a floor for {metric!r}, which is not measured")
            continue
        e, lower = result.metrics[metric], metric in result.lower_is_better
        limit = "ceiling" if lower else "floor"
        print(
            f"{result.task:12} {result.system:12} {metric:28} {e.value:.3f} [{e.low:.3f}, {e.high:.3f}]  "
            f"n={counted(e.n, result.unit)}  {limit} {floor:.3f}"
        )
        # A value that is not defined is no pass.
        if math.isnan(e.value) or (e.value > floor if lower else e.value < floor):
            side = "above" if lower else "below"
            broken.append(f"{result.task} / {result.system}: {metric} {e.value:.3f} is {side} the {limit} {floor:.3f}")
    return broken


def _update(result: Result, known: dict[str, Any], args: argparse.Namespace) -> list[str]:
    if failures := _failures(result):
        return failures
    if result.status == "skipped":
        return []
    floors = known["floors"].setdefault(result.system, {})
    refused = []
    for metric in list(floors) or [next(iter(result.metrics))]:
        lower = metric in result.lower_is_better
        measured = result.metrics[metric].value + (MARGIN if lower else -MARGIN)
        new, old = round(measured, 3), floors.get(metric)
        better = old is None or (new <= old if lower else new >= old)
        if better:
            floors[metric] = new
        elif args.allow_lower and not _told(result.task):
            refused.append(
                f"{result.task} / {result.system}: {metric} would go from {old} to {new}; say so first in a line of "
                f"{CHANGELOG.name} under Unreleased that names {result.task}"
            )
        elif args.allow_lower:
            floors[metric] = new
        print(f"{result.task:12} {result.system:12} {metric:28} {old} -> {floors.get(metric)}")
    return refused


def _failures(result: Result) -> list[str]:
    where = f"{result.task} / {result.system}"
    if result.status == "failed":
        return [f"{where}: failed: {result.reason}"]
    return [f"{where}: {result.failed} of {result.items} items failed"] if result.failed else []


def _told(task: str) -> bool:
    """Whether the unreleased part of the changelog has a line that names the task."""
    text = CHANGELOG.read_text(encoding="utf-8")
    part = re.search(r"^## \[Unreleased\]$(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
    lines = [line for line in part[1].splitlines() if line.startswith("- ")] if part else []
    return any(re.search(rf"(?<![\w-]){re.escape(task)}(?![\w-])", line) for line in lines)


if __name__ == "__main__":
    sys.exit(main())
