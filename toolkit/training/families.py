"""Sentence families written for this project: one point told twice in neutral words, twice with planted differences.

Annotated news has few pairs of sentences that say the same in other words with nothing to report, so nothing trained on
it alone learns to be silent there. `annotations/families.jsonl` holds such pairs (`s`, `n`), with two more tellings
(`p`, `q`), each of which differs from both in places that are known. All were written by language models.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from toolkit.training.data import ANNOTATIONS


@dataclass(frozen=True)
class Family:
    """Four tellings of one point.

    Args:
        id: Unique among all.
        tellings: Two neutral ones, then the two with something planted.
        pairs: Two places among the tellings, and the differences between them (kind, a_span, b_span); the pair with
            none comes first.
    """

    id: str
    tellings: tuple[str, str, str, str]
    pairs: tuple[tuple[int, int, tuple[dict[str, Any], ...]], ...]


def read_families(path: Path = ANNOTATIONS / "families.jsonl") -> Iterator[Family]:
    """All families, in the order of the file.

    Raises:
        ValueError: If words said to carry a difference do not stand in the sentence.
    """
    for line in path.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        tellings = raw["s"], raw["n"], raw["p"]["text"], raw["q"]["text"]
        pairs: list[tuple[int, int, tuple[dict[str, Any], ...]]] = [(0, 1, ())]
        for place, key in ((2, "p"), (3, "q")):
            for first, side in ((0, "s"), (1, "n")):
                found = raw[key]["differences"]
                marked = tuple({"kind": d["kind"], "a_span": d[side], "b_span": d["p"]} for d in found)
                if any(d["a_span"] not in tellings[first] or d["b_span"] not in tellings[place] for d in marked):
                    raise ValueError(f"{path}: {raw['id']}: a span of {key!r} does not stand in its sentence")
                pairs.append((first, place, marked))
        yield Family(raw["id"], tellings, tuple(pairs))
