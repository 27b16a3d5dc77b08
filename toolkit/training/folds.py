"""The folds of cross-validation, the same on every machine, and where a recipe leaves the weights of each."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

FOLDS = 4
ALL = "all"  # in the place of a fold: weights trained on everything


def fold_of(key: str) -> int:
    """The fold of an ECB+ topic, a question or a story."""
    return crc32(key.encode()) % FOLDS


def fold_folder(out: Path, fold: int | str) -> Path:
    """Where the weights are that were trained on everything outside a fold, or on ALL."""
    return out / (ALL if fold == ALL else f"fold-{fold}")


def add_fold(parser: argparse.ArgumentParser) -> None:
    """Adds `--fold`, as a string."""
    parser.add_argument("--fold", choices=[*map(str, range(FOLDS)), ALL], required=True)


def save_tensors(tensors: "Mapping[str, Tensor]", path: Path, *, metadata: "Mapping[str, str] | None" = None) -> None:
    """Writes a safetensors file, with its folder."""
    from safetensors.torch import save_file

    path.parent.mkdir(parents=True, exist_ok=True)
    save_file(dict(tensors), path, metadata=dict(metadata) if metadata else None)
