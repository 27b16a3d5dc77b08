import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from toolkit.encode import MiniLM
from toolkit.support import MEASURES, TokenReader, measured
from toolkit.training import support
from toolkit.training.claims import Claim, annotated_articles, with_evidence
from toolkit.training.data import annotated
from toolkit.training.judged import JUDGED, read_judged
from toolkit.training.support import COUNTED, caught, cross_measured, fit_combination, train_members

SHARED = Path(__file__).parents[3] / "shared"
needs_texts = pytest.mark.skipif(not SHARED.exists(), reason="the judged texts come with the project's shared data")


@pytest.fixture(scope="module")
def claims():
    if not SHARED.exists():
        pytest.skip("the judged texts come with the project's shared data")
    return list(read_judged(SHARED))


def test_every_claim_has_a_verdict_and_its_text():
    rows = list(annotated("judged.jsonl"))
    assert {len(row["digest"]) for row in rows} == {12}
    for claim in (c for row in rows for c in row["claims"]):
        assert isinstance(claim["supported"], bool)
        assert not (claim["supported"] and "wrong" in claim)
        assert len({"ref", "sentence", "text"} & claim.keys()) == 1


def test_each_kind_has_both_verdicts_and_words_that_stand_in_the_claim(claims):
    found = Counter((c.source, c.supported) for c in claims)
    assert found.keys() == {(s, v) for s in JUDGED for v in (False, True)}
    assert sum(found.values()) == sum(len(row["claims"]) for row in annotated("judged.jsonl"))
    for c in claims:
        assert c.text.strip()
        assert c.told
        assert all(0 <= start < end <= len(c.text) for start, end in c.wrong or ())
        assert bool(c.wrong) != c.supported or c.wrong is None


@needs_texts
def test_no_run_of_an_articles_words_ships():
    articles = {row["name"]: " ".join(sentences) for row, sentences in annotated_articles(SHARED)}
    for row in annotated("judged.jsonl"):
        article = " ".join(re.findall(r"\w+", articles.get(row.get("written"), "").lower()))
        parts = [p for c in row["claims"] for p in c.get("text", ()) if isinstance(p, str)]
        for words in (re.findall(r"\w+", p.lower()) for p in parts):
            assert not any(f" {' '.join(words[n : n + 8])} " in f" {article} " for n in range(len(words) - 7))


def made(source, key, *, supported):
    told = (f"The boats of bay {key} stopped on Friday.", "About 4,000 people cross it on a working day.")
    text = f"Boats stopped in bay {key}." if supported else "Halvik's museum hung a bronze bell."
    return Claim(source, key, text, told, supported=supported, wrong=() if supported else None)


def test_counted_claims_are_measured_by_models_that_have_not_seen_their_topic(monkeypatch):
    some = [
        made(s, f"t{n}", supported=v) for s in ("edits", "sibling", "changed") for n in range(8) for v in (True, False)
    ]
    reader = TokenReader()
    read = with_evidence(some, MiniLM(), reader)
    readings = reader.readings([c.text for c in read], [c.told for c in read], [c.whole for c in read])
    topics = {id(r): c.key for c, r in zip(read, readings, strict=True)}
    seen, asked = [], []

    def trained(claims, own, *, epochs):
        assert [c.key for c in claims] == [topics[id(r)] for r in own]
        seen.append({c.key for c in claims})
        assert not {c.source for c in claims} & set(JUDGED)
        return train_members(claims, own, epochs=epochs)

    def read_by(models, own):
        asked.append({topics[id(r)] for r in own})
        return measured(models, own)

    monkeypatch.setattr(support, "train_members", trained)
    monkeypatch.setattr(support, "measured", read_by)
    found = cross_measured(read, readings, epochs=1)
    every = {c.key for c in read}
    assert set().union(*asked) == every
    assert [s | a for s, a in zip(seen, asked, strict=True)] == [every] * len(seen)
    assert not any(s & a for s, a in zip(seen, asked, strict=True))
    assert found.shape == (len(read), len(MEASURES))
    assert [bool(np.isfinite(row).all()) for row in found] == [c.source in COUNTED for c in read]
    combination = fit_combination(read, found)
    likely = combination.probability(found)
    assert (combination.coef[1:] > 0).all()
    said = caught(read, likely, 0.5)
    assert "sibling 8 of 8, falsely 0 of 8" in said
    assert "generated 0 of 0" in said
