import json
from collections import Counter

import pytest

from toolkit.analyse import SpacyAnalyser
from toolkit.framing.weigh import READ
from toolkit.training.families import read_families
from toolkit.training.pairing import family_pairs


def test_the_families_that_ship_hold_every_kind_and_pairs_with_nothing():
    families = list(read_families())
    assert len({f.id for f in families}) == len(families) >= 600
    kinds = Counter(d["kind"] for f in families for _, _, found in f.pairs for d in found)
    assert set(kinds) == set(READ)
    assert min(kinds.values()) >= 300
    assert all(f.pairs[0] == (0, 1, ()) and len(f.pairs) == 5 for f in families)


def test_spans_stand_where_they_are_said_to():
    for f in read_families():
        for i, j, found in f.pairs:
            assert all(d["a_span"] in f.tellings[i] and d["b_span"] in f.tellings[j] for d in found)


def test_a_span_that_is_not_there_is_named(tmp_path):
    raw = {
        "id": "x-1", "s": "Six came.", "n": "Half a dozen came.",
        "p": {"text": "Nine came.", "differences": [{"kind": "figure", "s": "Six", "n": "Half a dozen", "p": "Ten"}]},
        "q": {"text": "Six may come.", "differences": [{"kind": "certainty", "s": "came", "n": "came", "p": "may"}]},
    }  # fmt: skip
    path = tmp_path / "families.jsonl"
    path.write_text(json.dumps(raw), encoding="utf-8")
    with pytest.raises(ValueError, match="x-1: a span of 'p' does not stand in its sentence"):
        list(read_families(path))


def test_the_pair_with_nothing_counts_twice():
    family = next(read_families())
    pairs = list(family_pairs([family], SpacyAnalyser()))
    assert [bool(p.differences) for p in pairs] == [False, False, True, True, True, True]
    assert (pairs[0].a.sentence.text, pairs[0].b.sentence.text) == family.tellings[:2]
