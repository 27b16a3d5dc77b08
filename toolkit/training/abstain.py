"""When nothing is to be said: the weight of `toolkit.framing.abstain`, from real pairs of reports and neutral rewrites.

The rewrites (`annotations/rewrites.jsonl`) are reports written for this project, each told a second time in other words
by the same language model with every figure, source, quotation and degree of certainty kept: between the two there is
nothing to report. The real ones are annotated stories that neither the readers nor the aligner were trained on.
"""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from toolkit.align.trained import TrainedAligner
from toolkit.analyse import Analysis
from toolkit.encode import Encoder
from toolkit.framing.abstain import LEAST, density, features
from toolkit.framing.judge import Framing
from toolkit.linear import LinearWeights
from toolkit.training.data import AnnotatedStory, annotated
from toolkit.training.fit import fit
from toolkit.training.pairing import Pair, differences_at, touches
from toolkit.types import Document

NEUTRAL = 0.4  # how much all rewrites count together beside all real pairs: readers compare the latter more often
Analysed = tuple[AnnotatedStory, Sequence[Analysis]]
Proposed = tuple[NDArray[np.float64], list[bool]]  # of two reports: features of what is proposed, and what is right


def read_rewrites() -> Iterator[AnnotatedStory]:
    """All of them, in the order of the file, as stories of two reports without a difference."""
    for raw in annotated("rewrites.jsonl"):
        documents = tuple(Document.from_sentences(raw[x.lower()], article_id=x) for x in "AB")
        yield AnnotatedStory(raw["id"], raw["id"], documents, frozenset(), ())


def weighed_proposals(
    stories: Sequence[Analysed], *, framing: Framing, aligner: TrainedAligner, encoder: Encoder
) -> Iterator[Proposed]:  # fmt: skip
    """For every two reports, the features of all that is proposed, and whether it is annotated there in those words.

    Args:
        stories: Real ones or rewrites, with their analyses.
        framing: With readers that have seen none of them.
        aligner: Likewise.
        encoder: The shipped one.
    """
    for story, analyses in stories:
        rows = [encoder.encode([s.sentence.text for s in a.sentences]) for a in analyses]
        links = aligner.links(analyses, rows)
        by_id = {a.document.id: a for a in analyses}
        between = framing.proposed(analyses, links=links, threshold=aligner.threshold, encoder=encoder)
        for proposed, compared in between.values():
            shown = [p for p in proposed if p.confidence >= LEAST]
            sure = [p.confidence for p in shown]
            right = []
            for p in shown:
                (a, i, at), (b, j, there) = p.sides
                pair = Pair(by_id[a].by_index[i], by_id[b].by_index[j], differences_at(story, f"{a}{i}", f"{b}{j}"), 0)
                right.append(touches(p.kind, at, there, pair))
            yield features(sure, density(sure, compared)), right


def fit_abstention(real: Sequence[Proposed], neutral: Sequence[Proposed]) -> LinearWeights:
    """How much the density of a pair of reports moves the odds of one difference, beside those odds themselves.

    What ships has the odds' own weight at one, and leaves a real pair of median density as it was: the fit's ratio of
    the two weights is what counts, and confidence keeps its scale.

    Args:
        real: Of pairs of real reports.
        neutral: Of rewrites.
    """
    parts = ((real, 1.0), (neutral, NEUTRAL * len(real) / max(len(neutral), 1)))
    x = np.concatenate([f for some, _ in parts for f, _ in some])
    right = np.array([r for some, _ in parts for _, rights in some for r in rights])
    weight = np.concatenate([np.full(len(f), each) for some, each in parts for f, _ in some])
    fitted = fit(x, right, strength=1.0, weight=weight)
    own, dense = fitted.coef / fitted.scale
    ratio = max(float(dense / own), 0.0) if own > 0 else 0.0
    median = float(np.median([f[0, 1] for f, _ in real if len(f)]))
    return LinearWeights(np.zeros(2), np.ones(2), np.array([1.0, ratio]), np.array([-ratio * median]))
