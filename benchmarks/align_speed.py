"""How long alignment takes once the sentences are encoded, and how it grows with the story.

    python benchmarks/align_speed.py
    python benchmarks/align_speed.py --threads 2 --plot docs/alignment-cost.svg

Stories of two to twelve outlets of thirty sentences are aligned by each method, after parsing and encoding, models
loaded. `read` is the trained aligner's own pass over the sentences; `ratio` is to the plain aligner on the same story.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from compare_speed import SENTENCES, clock, twelve_outlets
from rich.console import Console
from rich.table import Table

from toolkit.align.plain import HybridAligner, PlainAligner
from toolkit.align.trained import SCREEN, WEIGHTS, TrainedAligner, likely_pairs, story_features
from toolkit.analyse import SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.linear import LinearWeights
from toolkit.segment import segment


def main(argv: Sequence[str] | None = None) -> int:
    """Times every size of story and prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=int, default=3, help="runs a story; the fastest counts (default %(default)s)")
    parser.add_argument("--threads", type=int, default=0, help="torch threads; 0 leaves torch's own choice")
    parser.add_argument("--plot", type=Path, help="write seconds against pairs and candidates as SVG")
    args = parser.parse_args(argv)
    import torch

    if args.threads:
        torch.set_num_threads(args.threads)
    analyser, encoder = SpacyAnalyser(), MiniLM(cache=False)
    trained, hybrid, plain = TrainedAligner(), HybridAligner(), PlainAligner()
    articles = twelve_outlets(np.random.default_rng(0))
    analyses = [analyser.analyse(segment(a)) for a in articles]
    rows = [encoder.encode([s.sentence.text for s in a.sentences]) for a in analyses]
    trained.links(analyses[:2], rows[:2])  # loads the model
    screen = LinearWeights.load(WEIGHTS / SCREEN)
    found: list[dict[str, Any]] = []
    for outlets in (2, 3, 4, 6, 8, 10, 12):
        some = analyses[:outlets], rows[:outlets]
        seconds = {
            a.kind: min(clock(lambda a=a, some=some: a.links(*some))[0] for _ in range(args.repeat))
            for a in (trained, hybrid, plain)
        }
        texts = [[s.sentence.text for s in a.sentences] for a in some[0]]
        read = min(clock(lambda texts=texts: trained._late.table(texts))[0] for _ in range(args.repeat))
        likely = likely_pairs(some[0], story_features(*some), screen, best=trained.candidates)
        pairs = SENTENCES**2 * outlets * (outlets - 1) // 2
        found.append({"outlets": outlets, "pairs": pairs, "candidates": len(likely), "read": read, **seconds})
    Console(width=100).print(_table(found))
    Console(width=100).print(f"torch threads: {torch.get_num_threads()}")
    if args.plot:
        _plot(found, args.plot)
    return 0


def _table(found: Sequence[dict[str, Any]]) -> Table:
    shown = Table("outlets", "pairs", "candidates", "trained, s", "of it read, s", "hybrid, s", "plain, s", "ratio")
    for f in found:
        seconds = (f"{f[k]:.2f}" for k in ("trained", "read", "hybrid", "plain"))
        shown.add_row(
            str(f["outlets"]), f"{f['pairs']:,}", f"{f['candidates']:,}", *seconds, f"{f['trained'] / f['plain']:.1f}"
        )
    return shown


def _plot(found: Sequence[dict[str, Any]], path: Path) -> None:
    import altair as alt
    import pandas as pd

    frame = pd.DataFrame(found)
    line = alt.Chart(frame, width=260, height=220).mark_line(point=True)
    panels = [
        line.encode(
            x=alt.X(f"{x}:Q", title=f"{x} in the story"), y=alt.Y("trained:Q", title="seconds, trained aligner")
        )
        for x in ("pairs", "candidates")
    ]
    alt.hconcat(*panels).save(path)


if __name__ == "__main__":
    sys.exit(main())
