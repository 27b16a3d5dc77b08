"""Summarizers: the toolkit's own, the baselines news is hard to beat on, and the usual packages.

All of them choose among the sentences that the task cut (summa cuts its own). With a budget of words a selection ends
before the first sentence that would go over it, and has one sentence at least.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from hashlib import sha256
from importlib.util import find_spec
from itertools import zip_longest
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal, TypeVar

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.types import Family, Item
from toolkit.encode import MiniLM, SentenceTransformers
from toolkit.segment import mark_boilerplate
from toolkit.summarize import Extractive
from toolkit.types import Document

if TYPE_CHECKING:
    from numpy.typing import NDArray

Place = tuple[int, int]
T = TypeVar("T")
_ALL = 50
_WORD = re.compile(r"\w+(?:[-'’]\w+)*")
_PEERS = "is not installed; run: pip install samestory[peers]"


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _Ranked:
    """A summarizer that ranks the sentences of an article, or of a story's articles one after the other."""

    families: ClassVar[frozenset[Family]] = frozenset({"summary", "story_summary"})

    def missing(self) -> str:
        """Nothing is."""
        return ""

    def predict(self, item: Item) -> dict[str, str]:
        """The best sentences within the budget, in the order of the text."""
        articles = _articles(item)
        order = self._order(articles, item)
        chosen = sorted(fitted(order, lambda p: articles[p[0]][p[1]], **budget_of(item)))
        return {"text": " ".join(articles[a][i] for a, i in chosen)}

    def _order(self, articles: Sequence[Sequence[str]], item: Item) -> list[Place]:
        """Places (article, sentence), the best first."""
        flat = [(a, i) for a, sentences in enumerate(articles) for i in range(len(sentences))]
        return [flat[n] for n in self._ranking([articles[a][i] for a, i in flat], item)]

    def _ranking(self, sentences: Sequence[str], item: Item) -> Sequence[int]:
        raise NotImplementedError


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class LeadSentences(_Ranked):
    """The first sentences; of a story, the first of each article, then the second of each, and so on."""

    kind: Literal["lead"] = "lead"

    @property
    def name(self) -> str:
        """What tables call it."""
        return self.kind

    def _order(self, articles: Sequence[Sequence[str]], item: Item) -> list[Place]:
        return round_robin([[(a, i) for i in range(len(sentences))] for a, sentences in enumerate(articles)])


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class RandomSentences(_Ranked):
    """Sentences drawn at random, the same for the same item and seed.

    Args:
        seed: Of the draw.
    """

    kind: Literal["random"] = "random"
    seed: Annotated[int, Field(ge=0)] = 0

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{self.kind}-{self.seed}" if self.seed else self.kind

    def _ranking(self, sentences: Sequence[str], item: Item) -> Sequence[int]:
        digest = sha256(f"{self.seed}\x1f{item.id}".encode("utf-8", "replace")).digest()
        order: list[int] = np.random.default_rng(int.from_bytes(digest[:8], "big")).permutation(len(sentences)).tolist()
        return order


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class ExtractiveSummary(_Ranked):
    """The toolkit's summarizer; of a story, the articles' summaries in turn without what was said already.

    Args:
        label: Tells two configurations apart in tables.
        summarizer: Its options; how many sentences is the task's to say.
        encoder: What makes the vectors.
    """

    kind: Literal["extractive"] = "extractive"
    label: str = ""
    summarizer: Extractive = Field(default_factory=Extractive)
    encoder: Annotated[MiniLM | SentenceTransformers, Field(discriminator="kind")] = Field(default_factory=MiniLM)

    @property
    def name(self) -> str:
        """What tables call it."""
        parts = [self.kind, self.encoder.name if self.encoder.kind != "minilm" else "", self.label]
        return "-".join(p for p in parts if p)

    def _order(self, articles: Sequence[Sequence[str]], item: Item) -> list[Place]:
        rows = [self.encoder.encode(sentences) for sentences in articles]
        turns = [[(a, i) for i in self._best(s, r)] for a, (s, r) in enumerate(zip(articles, rows, strict=True))]
        order: list[Place] = []
        for a, i in round_robin(turns):
            near = [float(rows[a][i] @ rows[b][j]) for b, j in order if b != a]
            if max(near, default=0.0) <= self.summarizer.redundancy:
                order.append((a, i))
        return order

    def _best(self, sentences: Sequence[str], rows: "NDArray[np.float32]") -> list[int]:
        """Sentences in the order in which the summarizer takes them: each longer summary adds one."""
        document = mark_boilerplate(Document.from_sentences(sentences))
        order: list[int] = []
        for count in range(1, _ALL + 1):
            summary = replace(self.summarizer, sentences=count).summarize(document, rows)
            fresh = [s.evidence[0].sentence for s in summary.sentences if s.evidence[0].sentence not in order]
            if not fresh:
                break
            order += fresh
        return order


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Sumy(_Ranked):
    """The package sumy, with Porter-like stems and its own stop words.

    Args:
        method: LexRank (Erkan & Radev 2004), TextRank (Mihalcea & Tarau 2004) or LSA (Steinberger & Ježek 2004).
    """

    kind: Literal["sumy"] = "sumy"
    method: Literal["lexrank", "textrank", "lsa"] = "lexrank"

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{self.kind}-{self.method}"

    def missing(self) -> str:
        """Says so where sumy is not installed."""
        return "" if find_spec("sumy") else f"sumy {_PEERS}"

    @cached_property
    def _summarizer(self) -> Any:
        from sumy.nlp.stemmers import Stemmer
        from sumy.summarizers.lex_rank import LexRankSummarizer
        from sumy.summarizers.lsa import LsaSummarizer
        from sumy.summarizers.text_rank import TextRankSummarizer
        from sumy.utils import get_stop_words

        kinds = {"lexrank": LexRankSummarizer, "textrank": TextRankSummarizer, "lsa": LsaSummarizer}
        made = kinds[self.method](Stemmer("english"))
        made.stop_words = get_stop_words("english")
        return made

    def _ranking(self, sentences: Sequence[str], item: Item) -> Sequence[int]:
        from sumy.models.dom import ObjectDocumentModel, Paragraph, Sentence

        cut = [Sentence(s, Words()) for s in sentences]
        order: list[int] = []

        def note(infos: list[Any]) -> list[Any]:
            order.extend(i.order for i in infos)
            return infos

        # sumy counts by a number or by a function of the ranked sentences: this one only looks.
        self._summarizer(ObjectDocumentModel([Paragraph(cut)]), note)
        return order


class Words:
    """A tokenizer for sumy, whose own needs a download of NLTK's; sentences come cut."""

    def to_words(self, sentence: str) -> tuple[str, ...]:
        """Runs of letters and digits, with what an apostrophe or a hyphen joins."""
        return tuple(_WORD.findall(sentence))


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Summa(_Ranked):
    """The package summa: TextRank with the similarity of Barrios et al. 2016. It cuts sentences its own way."""

    kind: Literal["summa"] = "summa"

    @property
    def name(self) -> str:
        """What tables call it."""
        return self.kind

    def missing(self) -> str:
        """Says so where summa is not installed."""
        return "" if find_spec("summa") else f"summa {_PEERS}"

    def predict(self, item: Item) -> dict[str, str]:
        """The best sentences within the budget, in the order of the text."""
        from summa.summarizer import summarize

        lines = [" ".join(s.split()) for article in _articles(item) for s in article]
        # It gives nothing where no two sentences share a word: then the first ones stand.
        scored = [(s, float(x)) for s, x in summarize("\n".join(lines), ratio=1.0, scores=True)] or [
            (line, 0.0) for line in lines
        ]
        order = sorted(range(len(scored)), key=lambda n: -scored[n][1])
        return {
            "text": " ".join(scored[n][0] for n in sorted(fitted(order, lambda n: scored[n][0], **budget_of(item))))
        }


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class BertExtractive(_Ranked):
    """The package bert-extractive-summarizer (Miller 2019) over sentence vectors: the lead, and k-means for the rest.

    Args:
        encoder: What makes the vectors; the package's own default is a fetch of 1.3 GB.
    """

    kind: Literal["bert-extractive-summarizer"] = "bert-extractive-summarizer"
    encoder: Annotated[MiniLM | SentenceTransformers, Field(discriminator="kind")] = Field(default_factory=MiniLM)

    @property
    def name(self) -> str:
        """What tables call it."""
        return self.kind if self.encoder.kind == "minilm" else f"{self.kind}-{self.encoder.name}"

    def missing(self) -> str:
        """Says so where the package is not installed, or does not load beside this transformers."""
        if not find_spec("summarizer"):
            return f"bert-extractive-summarizer {_PEERS}"
        try:
            _processor()
        except ImportError as error:
            return f"bert-extractive-summarizer does not load: {error}"
        return ""

    def predict(self, item: Item) -> dict[str, str]:
        """As many clusters as the budget holds, each by the sentence next to its centre; in the order of the text."""
        articles = _articles(item)
        # The package's own bounds on a sentence's characters, unless they leave nothing.
        every = [s for article in articles for s in article]
        sentences = [s for s in every if 40 < len(s.strip()) < 600] or every
        if not sentences:
            return {"text": ""}
        rows = self.encoder.encode(sentences)
        made = _processor()(lambda texts: rows, None)

        def take(count: int) -> list[str]:
            chosen, _ = made.cluster_runner(sentences, num_sentences=count, use_first=True)
            return list(chosen)

        budget = budget_of(item)
        if not budget["words"]:
            return {"text": " ".join(take(min(budget["count"], len(sentences))))}
        best = take(1)
        for count in range(2, len(sentences)):
            longer = take(count)
            if _length(longer) > budget["words"] * (1 + budget.get("slack", 0.0)):
                break
            best = longer
        return {"text": " ".join(best)}


def fitted(
    order: Sequence[T], text: Callable[[T], str], *, count: int, words: int, slack: float = 0.0
) -> list[T]:  # fmt: skip
    """The best within the budget: the first `count`, or as many as stay within `words`, and one at least.

    With a slack, a summary may have that share of the words more, sentences that do not fit are passed over for later
    ones that do, and it is done when no more than that share is missing.
    """
    if not words:
        return list(order[:count])
    taken: list[T] = []
    for place in order:
        used = _length([text(p) for p in taken])
        if slack and used >= words * (1 - slack):
            break
        if taken and used + _length([text(place)]) > words * (1 + slack):
            if slack:
                continue
            break
        taken.append(place)
    return taken


def round_robin(turns: Sequence[Sequence[T]]) -> list[T]:
    """The first of each, then the second of each, and so on."""
    return [place for rank in zip_longest(*turns) for place in rank if place is not None]


def _length(sentences: Sequence[str]) -> int:
    return sum(len(s.split()) for s in sentences)


def _articles(item: Item) -> list[list[str]]:
    data = item.data
    return [list(a) for a in data["articles"]] if "articles" in data else [list(data["sentences"])]


def budget_of(item: Item) -> dict[str, Any]:
    """What an item says of length, as `fitted` takes it."""
    budget = {"count": int(item.data.get("n_sentences", 0)), "words": int(item.data["words"])}
    return budget | ({"slack": item.data["slack"]} if "slack" in item.data else {})


def _processor() -> Any:
    with _old_names():
        from summarizer.summary_processor import SummaryProcessor

    return SummaryProcessor


@contextmanager
def _old_names() -> Iterator[None]:
    """Lends transformers the two names that version 5 gave up, and that the package imports but is not used with."""
    import transformers

    lent = [n for n in ("TransfoXLModel", "TransfoXLTokenizer") if not hasattr(transformers, n)]
    for name in lent:
        setattr(transformers, name, type(name, (), {}))
    try:
        yield
    finally:
        for name in lent:
            delattr(transformers, name)
