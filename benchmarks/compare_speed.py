"""How long a comparison takes, and how much memory, beside the bare encoding of the same sentences.

    python benchmarks/compare_speed.py a.txt b.txt
    python benchmarks/compare_speed.py a.txt b.txt --threads 2 --repeat 5

Two stories are timed: the files given, and twelve outlets of thirty sentences made from the example reports. Models
are loaded and warmed on other text first, and the vector cache is off. `first` is the run over text never seen
before, which is what a reader waits for; `best` is the fastest of all runs. `encode` is SentenceTransformer.encode
over the same sentences, the fastest of as many runs, and `ratio` is best / encode.
"""

import argparse
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from rich.console import Console
from rich.table import Table

from toolkit import Article, CompareConfig, Comparison, compare, read_articles
from toolkit.encode import MiniLM

HARBOUR = Path(__file__).parents[1] / "examples" / "harbour"
OUTLETS, SENTENCES = 12, 30
T = TypeVar("T")


@dataclass(frozen=True)
class Timing:
    """One story's seconds: over text never seen before, at best, and of the encoding alone."""

    story: str
    sentences: int
    first: float
    best: float
    encode: float
    result: Comparison

    @property
    def ratio(self) -> float:
        """How many times the bare encoding a whole comparison takes."""
        return self.best / self.encode


def main(argv: Sequence[str] | None = None) -> int:
    """Times both stories and prints the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("files", nargs="*", help="the reports of one event; by default the example's first two")
    parser.add_argument("--repeat", type=int, default=3, help="runs a story, at least 1 (default %(default)s)")
    parser.add_argument("--threads", type=int, default=0, help="torch threads; 0 leaves torch's own choice")
    parser.add_argument("--seed", type=int, default=0, help="of the twelve-outlet story (default %(default)s)")
    args = parser.parse_args(argv)
    import torch

    if args.threads:
        torch.set_num_threads(args.threads)
    encoder = MiniLM(cache=False)
    config = CompareConfig(encoder=encoder)
    files = args.files or [HARBOUR / "state-agency.txt", HARBOUR / "wire.txt"]
    stories = {
        "the files given": read_articles(files),
        f"{OUTLETS} outlets x {SENTENCES} sentences": twelve_outlets(np.random.default_rng(args.seed)),
    }

    loading, _ = clock(lambda: compare(warm_up(), config=config))
    timings = [time_story(name, articles, config, encoder, max(1, args.repeat)) for name, articles in stories.items()]
    console = Console(width=100)
    console.print(table(timings))
    console.print(f"loading the models and a first small comparison: {loading:.1f} s")
    console.print(f"torch threads: {torch.get_num_threads()}; peak resident memory: {peak_gib():.2f} GiB")
    return 0


def time_story(name: str, articles: Sequence[Article], config: CompareConfig, encoder: MiniLM, repeat: int) -> Timing:
    """Times the comparison of one story, then the bare encoding of its sentences."""
    timed = [clock(lambda: compare(articles, config=config)) for _ in range(repeat)]
    runs, result = [seconds for seconds, _ in timed], timed[0][1]
    texts = [s.text for document in result.articles for s in document.sentences]
    # The cached model itself, so that nothing of ours stands between the clock and sentence-transformers.
    bare = [
        clock(lambda: encoder._model.encode(texts, batch_size=encoder.batch_size, show_progress_bar=False))[0]
        for _ in range(repeat)
    ]
    return Timing(name, len(texts), runs[0], min(runs), min(bare), result)


def twelve_outlets(rng: np.random.Generator) -> tuple[Article, ...]:
    """A story of many outlets that share most points and no sentence word for word."""
    reports = read_articles([HARBOUR / f"{name}.txt" for name in ("state-agency", "wire", "regional")])
    pool = [line.strip() for report in reports for line in _sentences(report) if len(line.split()) > 4]
    articles = []
    for number in range(1, OUTLETS + 1):
        places = np.sort(rng.choice(len(pool), size=SENTENCES, replace=len(pool) < SENTENCES))
        told = [f"{pool[i].rstrip('.')}, outlet {number} was told." for i in places]
        articles.append(Article("\n\n".join(told), outlet=f"Outlet {number}"))
    return tuple(articles)


def _sentences(article: Article) -> list[str]:
    from toolkit.segment import segment

    return [s.text for s in segment(article).body]


def warm_up() -> tuple[Article, Article]:
    """Two reports that are in neither story."""
    one = "The library opened again on Friday after a year of repairs. Some 300 people came, the mayor said."
    two = "After repairs that took a year the library reopened on Friday. Critics claimed that few people came."
    return Article(one, outlet="One"), Article(two, outlet="Two")


def clock(work: Callable[[], T]) -> tuple[float, T]:
    """Seconds of wall clock, and what the work gave."""
    start = time.perf_counter()
    result = work()
    return time.perf_counter() - start, result


def peak_gib() -> float:
    """The most memory this process has held at once."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (1024**3 if sys.platform == "darwin" else 1024**2)


def table(timings: Sequence[Timing]) -> Table:
    """The timings as a table for the terminal."""
    shown = Table("story", "sentences", "points", "differences", "first, s", "best, s", "encode, s", "ratio")
    for t in timings:
        counts = (t.sentences, len(t.result.points), len(t.result.differences))
        seconds = (f"{t.first:.2f}", f"{t.best:.2f}", f"{t.encode:.2f}", f"{t.ratio:.1f}")
        shown.add_row(t.story, *map(str, counts), *seconds)
    return shown


if __name__ == "__main__":
    sys.exit(main())
