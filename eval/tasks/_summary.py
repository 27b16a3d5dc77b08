"""What the summary sets share: ROUGE against one or several references, a semantic score, length, and an oracle.

ROUGE-1, -2 and -L are F1 with Porter stems (Lin 2004, as `rouge-score` has them), in [0, 1], each both for the nearest
reference (its own for each of the three) and as the mean over references. The semantic score is the mean over
references of the cosine of MPNet vectors: the summarizers measured here use another encoder.
"""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any, ClassVar

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import wrong
from eval.types import Family, Item, Unit

Rows = dict[str, float]
SLACK = 0.05  # share of its words by which a summary of equal length may be longer or shorter
_KINDS = ("rouge2", "rouge1", "rougeL")
_METRICS = (*_KINDS, *(f"{k}_mean" for k in _KINDS), "semantic", "words")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class SummaryTask:
    """A set of texts with reference summaries.

    Args:
        data_dir: The set's own folder; empty for the one of its name below the data root.
        limit: The first so many documents; 0 for all.
        semantic: Whether to score by vectors too; NaN where not, or where MPNet is not installed (extra `peers`).
    """

    data_dir: str = ""
    limit: Annotated[int, Field(ge=0)] = 0
    semantic: bool = True

    family: ClassVar[Family] = "summary"
    unit: ClassVar[str] = "document"
    metrics: ClassVar[tuple[str, ...]] = _METRICS
    lower_is_better: ClassVar[frozenset[str]] = frozenset({"words"})
    source: ClassVar[str] = ""
    folder: ClassVar[str] = ""

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """One unit a document, already scored; nothing is tuned.

        Raises:
            ValueError: If a prediction has no text.
        """
        kept = [i for i in items if i.id in predictions]
        texts = [_text(i, predictions[i.id]) for i in kept]
        references = [i.gold["references"] for i in kept]
        near = semantic_scores(texts, references) if self.semantic else [math.nan] * len(kept)
        return [
            Unit(i.id, {**rouge(text, refs), "semantic": score, "words": float(len(text.split()))})
            for i, text, refs, score in zip(kept, texts, references, near, strict=True)
        ]

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """The mean over documents of every metric."""
        if not units:
            return dict.fromkeys(self.metrics, math.nan)
        table = np.array([[u.rows[m] for m in self.metrics] for u in units], dtype=np.float64)
        return dict(zip(self.metrics, table.mean(axis=0).tolist(), strict=True))

    def oracle(self, items: Sequence[Item]) -> dict[str, Any]:
        """The best that taking sentences can do, nearly: predictions made greedily with the references in sight."""
        return {i.id: {"text": _oracle(i)} for i in items}

    def _home(self, root: Path) -> Path:
        return Path(self.data_dir) if self.data_dir else root / self.folder

    def _first(self, items: list[Item]) -> list[Item]:
        return items[: self.limit] if self.limit else items


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class StoryTask(SummaryTask):
    """Reports of one event with one summary, as many words long at most as that.

    Args:
        data_dir: The set's own folder; empty for the one of its name below the data root.
        limit: The first so many stories; 0 for all.
        semantic: Whether to score by vectors too.
        equal_words: Whether every summary has the words of the reference, give or take a twentieth.
    """

    equal_words: bool = False

    family: ClassVar[Family] = "story_summary"
    unit: ClassVar[str] = "story"

    def _articles(self, texts: Iterable[str]) -> list[list[str]]:
        from toolkit.segment import segment
        from toolkit.types import Article

        return [cut for text in texts if (cut := [s.text for s in segment(Article(text)).sentences])]

    def _item(self, name: str, articles: list[list[str]], reference: str) -> Item:
        budget = {"words": len(reference.split())} | ({"slack": SLACK} if self.equal_words else {})
        return Item(name, {"articles": articles, **budget}, {"references": [reference]})

    def _named(self, name: str) -> str:
        return f"{name}-equal" if self.equal_words else name


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class ArticleTask(SummaryTask):
    """Single articles, each with several references.

    Args:
        data_dir: The set's own folder; empty for the one of its name below the data root.
        limit: The first so many documents; 0 for all.
        semantic: Whether to score by vectors too.
        n_sentences: How many sentences a summary has.
        words: In place of it, how many words at most (whole sentences, at least one); 0 for by sentences.
        equal_words: Whether every summary has the words of the article's first `n_sentences`, give or take a twentieth.
    """

    n_sentences: Annotated[int, Field(ge=1, le=50)] = 3
    words: Annotated[int, Field(ge=0)] = 0
    equal_words: bool = False

    def _item(self, name: str, *, text: str, sentences: Sequence[str], references: Sequence[str]) -> Item:
        budget: dict[str, float] = {"n_sentences": self.n_sentences, "words": self.words}
        if self.equal_words:
            budget |= {"words": sum(len(s.split()) for s in sentences[: self.n_sentences]), "slack": SLACK}
        data = {"title": "", "text": text, "sentences": list(sentences), **budget}
        return Item(name, data, {"references": list(references)})

    def _named(self, kind: str) -> str:
        if self.equal_words:
            return f"{kind}-equal"
        if self.words:
            return f"{kind}-{self.words}w"
        return kind if self.n_sentences == 3 else f"{kind}-{self.n_sentences}s"


def rouge(text: str, references: Sequence[str]) -> Rows:
    """ROUGE F1 of the nearest reference, and the mean over references under `*_mean`; NaN without a reference."""
    if not references:
        return dict.fromkeys([*_KINDS, *(f"{k}_mean" for k in _KINDS)], math.nan)
    scores = [_scorer().score(reference, text) for reference in references]
    f1 = {k: [float(s[k].fmeasure) for s in scores] for k in _KINDS}
    return {**{k: max(v) for k, v in f1.items()}, **{f"{k}_mean": sum(v) / len(v) for k, v in f1.items()}}


def semantic_scores(texts: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
    """Mean cosine of each text to its references; 0 for an empty text, NaN without MPNet or without a reference."""
    from eval.systems.pairs import encoder_of, missing_encoder

    if not texts or missing_encoder("mpnet"):
        return [math.nan] * len(texts)
    encoder = encoder_of("mpnet")
    distinct = list(dict.fromkeys([*texts, *(r for refs in references for r in refs)]))
    rows = dict(zip(distinct, encoder.encode(distinct).astype(np.float64), strict=True))
    return [
        math.nan if not refs else float(np.mean([rows[text] @ rows[r] for r in refs])) if text.strip() else 0.0
        for text, refs in zip(texts, references, strict=True)
    ]


def greedy_oracle(sentences: Sequence[str], references: Sequence[str], *, count: int, words: int) -> list[int]:
    """Indices of sentences taken one by one, each the one that raises ROUGE-2 F1 (nearest reference) the most.

    Args:
        sentences: Of the article.
        references: Its summaries.
        count: How many at most, where `words` is 0.
        words: How many words at most; the first sentence may have more.
    """
    gold = [_bigrams(r) for r in references]
    own, lengths = [_bigrams(s) for s in sentences], [len(s.split()) for s in sentences]
    taken: list[int] = []
    have: Counter[tuple[str, str]] = Counter()
    best = 0.0
    while words or len(taken) < count:
        room = words - sum(lengths[i] for i in taken)
        able = [i for i in range(len(sentences)) if i not in taken and (not words or not taken or lengths[i] <= room)]
        gains = {i: max((_f1(have + own[i], g) for g in gold), default=0.0) for i in able}
        top = max(gains, key=lambda i: (gains[i], -i), default=-1)
        if top < 0 or (taken and gains[top] <= best):
            break
        best = gains[top]
        taken.append(top)
        have += own[top]
    return sorted(taken)


def strings(path: Path, row: Mapping[str, Any], names: Sequence[str]) -> None:
    """Checks that a row has these fields as text.

    Raises:
        SourceError: If one is missing or is something else.
    """
    for name in names:
        if not isinstance(row.get(name), str):
            raise wrong(path, f"expected text under {name!r}, got {type(row.get(name)).__name__}")


def _text(item: Item, prediction: Any) -> str:
    if not isinstance(prediction, Mapping) or not isinstance(prediction.get("text"), str):
        raise ValueError(f"{item.id}: expected a prediction like {{'text': '…'}}, got {prediction!r}")
    return str(prediction["text"])


def _oracle(item: Item) -> str:
    data, references = item.data, item.gold["references"]
    sentences = data["sentences"] if "sentences" in data else [s for a in data["articles"] for s in a]
    chosen = greedy_oracle(sentences, references, count=int(data.get("n_sentences", 0)), words=int(data["words"]))
    return " ".join(sentences[i] for i in chosen)


def _f1(have: Counter[tuple[str, str]], gold: Counter[tuple[str, str]]) -> float:
    total = have.total() + gold.total()
    return 2 * (have & gold).total() / total if total else 0.0


def _bigrams(text: str) -> Counter[tuple[str, str]]:
    tokens = _tokens(text)
    return Counter(pairwise(tokens))


class _Tokens:
    """rouge-score's own tokenizer with a memory: each reference is cut once for all systems."""

    def tokenize(self, text: str) -> list[str]:
        return list(_tokens(text))


@lru_cache(maxsize=20_000)
def _tokens(text: str) -> tuple[str, ...]:
    return tuple(_tokenizer().tokenize(text))


@lru_cache(maxsize=1)
def _tokenizer() -> Any:
    from rouge_score.tokenizers import DefaultTokenizer

    return DefaultTokenizer(use_stemmer=True)


@lru_cache(maxsize=1)
def _scorer() -> Any:
    from rouge_score.rouge_scorer import RougeScorer

    return RougeScorer(list(_KINDS), tokenizer=_Tokens())
