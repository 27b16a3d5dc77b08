"""Articles a second of extraction once sentences are encoded, beside bert-extractive-summarizer on the same vectors.

    python benchmarks/summarize_speed.py

Articles of thirty sentences, in one run; needs the extra `peers` for the ratio.
"""

import argparse
import sys
from collections.abc import Sequence

import numpy as np
from compare_speed import clock, twelve_outlets
from rich.console import Console

from eval.systems.summary import BertExtractive
from eval.types import Item
from toolkit.encode import MiniLM
from toolkit.segment import segment
from toolkit.summarize import Extractive


def main(argv: Sequence[str] | None = None) -> int:
    """Times both, and prints articles a second and the ratio."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--repeat", type=int, default=5, help="runs; the fastest counts (default %(default)s)")
    args = parser.parse_args(argv)
    documents = [segment(a) for a in twelve_outlets(np.random.default_rng(0))]
    encoder = MiniLM()
    rows = [encoder.encode([s.text for s in d.sentences]) for d in documents]
    own = Extractive()
    console = Console(width=100)

    def ours() -> None:
        for d, r in zip(documents, rows, strict=True):
            own.summarize(d, r)

    seconds = min(clock(ours)[0] for _ in range(args.repeat)) / len(documents)
    console.print(f"extractive: {1 / seconds:.0f} articles a second after encoding")
    peer = BertExtractive(encoder=encoder)
    if why := peer.missing():
        console.print(f"no ratio: {why}")
        return 0
    items = [
        Item(str(n), {"sentences": [s.text for s in d.sentences], "n_sentences": 3, "words": 0}, None)
        for n, d in enumerate(documents)
    ]
    other = min(clock(lambda: [peer.predict(i) for i in items])[0] for _ in range(args.repeat)) / len(documents)
    console.print(f"bert-extractive-summarizer: {1 / other:.1f} articles a second, {other / seconds:.0f} times as long")
    return 0


if __name__ == "__main__":
    sys.exit(main())
