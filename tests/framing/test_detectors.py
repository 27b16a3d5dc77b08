from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from toolkit.analyse import Analysis, SpacyAnalyser
from toolkit.attributions import with_attributions
from toolkit.framing.attribution import Attribution
from toolkit.framing.base import Candidate
from toolkit.framing.certainty import Certainty
from toolkit.framing.figure import Figure
from toolkit.framing.judge import DETECTORS
from toolkit.framing.naming import Naming
from toolkit.framing.omission import absence, omissions
from toolkit.framing.phrases import meaning_of
from toolkit.framing.quotation import Quotation
from toolkit.framing.stance import Stance
from toolkit.framing.wording import Wording
from toolkit.testing import FakeEncoder
from toolkit.types import KINDS, Document

CASES = {
    "naming": (
        Naming(), "The ministry detained 27 rioters on Monday.", "The ministry detained 27 protesters on Monday.",
        "27 rioters", "27 protesters",
    ),
    "wording": (
        Wording(), "Hale slammed the agreement.", "Hale criticised the agreement.",
        "slammed", "criticised",
    ),
    "attribution": (
        Attribution(), "The boats crossed the border.", "Officials said the boats crossed the border.",
        "boats crossed", "Officials said",
    ),
    "quotation": (
        Quotation(), "Marr praised a “new chapter of trust and trade” on Friday.",
        "Marr praised a “new chapter” on Friday.",
        "“new chapter of trust and trade”", "“new chapter”",
    ),
    "certainty": (
        Certainty(), "The deal would violate the sanctions.", "The deal could violate the sanctions.",
        "would violate", "could violate",
    ),
    "figure": (
        Figure(), "The storm injured 12 people.", "The storm injured 40 people.",
        "12", "40",
    ),
    "stance": (
        Stance(), "Marr deserves credit for the outcome.", "Marr deserves blame for the outcome.",
        "credit", "blame",
    ),
}  # fmt: skip


@cache
def parsed(*sentences: str, name: str = "a") -> Analysis:
    return with_attributions([SpacyAnalyser().analyse(Document.from_sentences(sentences, article_id=name))])[0]


def proposed(detector, left: str, right: str) -> tuple[list[Candidate], set[tuple[str, str]]]:
    a, b = parsed(left), parsed(right)
    meaning = meaning_of([(a.sentences[0], b.sentences[0])], encoder=FakeEncoder(dim=384))
    candidates = detector.candidates(a.sentences[0], b.sentences[0], meaning)
    return candidates, {(left[slice(*c.a)], right[slice(*c.b)]) for c in candidates}


@pytest.mark.parametrize("kind", CASES)
def test_detector_proposes_the_words_that_differ(kind):
    detector, left, right, x, y = CASES[kind]
    candidates, texts = proposed(detector, left, right)
    assert any(x in p and y in q for p, q in texts), texts
    assert {c.kind for c in candidates} == {kind}


@pytest.mark.parametrize("kind", CASES)
def test_detector_proposes_the_same_either_way_round(kind):
    detector, left, right, *_ = CASES[kind]
    _, one = proposed(detector, left, right)
    _, other = proposed(detector, right, left)
    assert {(y, x) for x, y in other} == one


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.kind)
@pytest.mark.parametrize("text", [CASES[k][1] for k in CASES])
def test_sentence_against_itself_gives_no_candidate(detector, text):
    assert proposed(detector, text, text)[0] == []


@pytest.mark.parametrize("detector", DETECTORS, ids=lambda d: d.kind)
def test_features_have_a_fixed_number(detector):
    sizes = {len(c.features) for _, x, y, *_ in CASES.values() for c in proposed(detector, x, y)[0]}
    assert len(sizes) == 1


def test_there_is_a_detector_for_every_kind_that_has_two_sides():
    assert {d.kind for d in DETECTORS} == set(KINDS) - {"omission"}


TOLD = (
    "The two governments signed a port agreement on Friday.",
    "The minister denied that a secret clause would let warships dock there.",
)
OTHER = ("A port agreement was signed by the two governments on Friday.", "Crowds sang on the quay.")


def absent(linked: dict[int, tuple[int, ...]]):
    told, other = parsed(*TOLD), parsed(*OTHER, name="b")
    x, y = (FakeEncoder(dim=384).encode(s) for s in (TOLD, OTHER))
    near = {i: [(j, 0.9) for j in found] for i, found in linked.items()}
    return told, omissions(told, other, rows=x, cosines=(x @ y.T).astype(np.float64), near=near, threshold=0.5)


def test_sentence_with_no_counterpart_is_proposed_as_an_omission():
    told, found = absent({0: (0,)})
    assert [o.sentence for o in found] == [1]
    start, end = found[0].span
    assert told.document.text[start:end] == TOLD[1].rstrip(".")


def test_what_both_tell_is_no_omission():
    _, found = absent({0: (0,), 1: (0,)})
    assert 0 not in [o.sentence for o in found]


def test_omission_features_have_a_fixed_number():
    _, found = absent({})
    assert [o.sentence for o in found] == [0, 1]
    assert len({len(o.features) for o in found}) == 1


DENIAL = "The minister said a second clause would let warships dock there."


@pytest.mark.parametrize(
    ("there", "chance", "days", "grade", "nearest"),
    [
        (OTHER[1], 0.0, ("", ""), "absent", False),
        (OTHER[1], 0.2, ("", ""), "absent", True),
        ("The minister denied a clause.", 0.9, ("", ""), "weaker", True),
        ("Opposition lawmakers said a second clause would let warships dock there.", 0.9, ("", ""),
         "attributed elsewhere", True),
        (OTHER[1], 0.2, ("2031-04-06", "2031-04-07T08:00"), "not yet known", True),
        (OTHER[1], 0.2, ("2031-04-07T09:00", "2031-04-07T08:00"), "absent", True),
        (OTHER[1], 0.2, ("2031-04-07T08:00Z", "2031-04-07T09:00"), "absent", True),
        (OTHER[1], 0.2, ("yesterday", "2031-04-07"), "absent", True),
    ],
)  # fmt: skip
def test_an_absence_is_graded_by_what_the_other_report_has(there, chance, days, grade, nearest):
    told, other = parsed(TOLD[0], DENIAL), parsed(OTHER[0], there, name="b")
    other, told = (
        replace(a, document=replace(a.document, published=day)) for a, day in zip((other, told), days, strict=True)
    )
    x, y = (FakeEncoder(dim=384).encode([s.sentence.text for s in a.sentences]) for a in (told, other))
    found = omissions(told, other, rows=x, cosines=(x @ y.T).astype(np.float64), near={}, threshold=0.5)[1]
    result = absence(told, other, found, [(1, chance)] if chance else [], 0.5)
    assert (result.article, result.grade, result.nearest is not None) == ("b", grade, nearest)
    assert 0 <= result.confidence <= 1
