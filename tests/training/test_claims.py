import json
import re
from pathlib import Path

import pytest

from toolkit.support import TokenReader
from toolkit.testing import FakeEncoder
from toolkit.training.claims import Claim, annotated_articles, new_words, put_together, with_evidence
from toolkit.training.corrupt import Corrupter
from toolkit.training.data import annotated

STORY = [
    "Dana Pell said the ferries of Orrin Bay had not stopped since 2019.",
    "The operator, based in Tresk, approved a raise of 4.5 percent for 1,200 workers on Friday.",
    "Ivo Marr told reporters that prices rose.",
]


@pytest.fixture(scope="module")
def corrupter():
    return Corrupter([STORY, ["Halvik sued Maria Lopez in June."]])


class TestCorrupter:
    def test_a_changed_sentence_differs_at_the_place_alone(self, corrupter):
        for _ in range(30):
            text, changed, (start, end) = corrupter.changed(0, STORY)
            assert text in STORY
            assert changed != text
            assert 0 <= start < end <= len(changed)
            assert changed[:start] == text[:start] or "not" in text or "n't" in text
            assert changed[end:]
            assert text.endswith(changed[end:])

    def test_a_name_becomes_another_of_its_kind(self, corrupter):
        changed, (start, end) = corrupter._name(STORY[2], 0)
        assert changed[start:end] not in STORY[2]

    def test_a_number_keeps_its_form(self, corrupter):
        for _ in range(10):
            changed, (start, end) = corrupter._figure(STORY[1], 0)
            assert changed[start:end] not in {"4.5", "1,200"}
            assert "." in changed[start:end] or int(changed[start:end].replace(",", "")) > 1_200

    def test_a_negation_is_put_in_or_left_out(self, corrupter):
        changed, (start, end) = corrupter._negation(STORY[0], 0)
        assert changed == STORY[0].replace("had not", "had")
        assert changed[start:end] == "had"
        assert corrupter._negation("The boats were late.", 0) == ("The boats were not late.", (10, 18))
        assert corrupter._negation("Boats sail.", 0) is None

    def test_a_verb_is_turned_round(self, corrupter):
        assert corrupter._turned(STORY[2], 0) == ("Ivo Marr told reporters that prices fell.", (36, 40))

    def test_nothing_fits(self, corrupter):
        assert corrupter.changed(0, ["Boats sail."]) is None


def test_new_words_are_those_that_no_other_text_has():
    text = "Pell said 4,500 boats sank."
    assert [text[s:e] for s, e in new_words(text, ["pell said the boats", "Boats sank."])] == ["4,500"]


def test_a_claim_is_read_beside_the_nearest_sentences_of_its_text():
    claim = Claim(
        "edits", "a", "prices rose, Ivo Marr said", tuple([*STORY, "Gulls flew.", "It rained."]), supported=True
    )
    (read,) = with_evidence([claim, Claim("edits", "b", "Nothing.", (), supported=True)], FakeEncoder(), TokenReader())
    assert read.told[0] == STORY[2]
    assert len(read.told) == len(read.whole) == 5


def test_annotated_claims_are_whole_and_none_is_in_both_lists():
    rows = list(annotated("summaries.jsonl"))
    assert len(rows) >= 100
    for row in rows:
        assert len(row["digest"]) == 12
        assert len(row["summary"]) == 3
        for made in row["claims"]:
            assert (len(made["consistent"]), len(made["inconsistent"])) == (5, 6)
            true = {json.dumps(t) for t in (made["seed"], *made["consistent"])}
            assert not true & {json.dumps(t) for t in made["inconsistent"]}


def test_a_text_is_put_together_of_own_words_and_places():
    assert put_together([[0, 8], " of", [8, 13]], "The crew left") == "The crew of left"
    assert put_together("Own words.", "The crew left") == "Own words."


def _texts(row):
    return [*row["summary"], *(t for c in row["claims"] for t in (c["seed"], *c["consistent"], *c["inconsistent"]))]


def test_no_run_of_an_articles_words_ships():
    shared = Path(__file__).parents[3] / "shared"
    if not shared.exists():
        pytest.skip("the annotated articles come with the project's shared data")
    raw = {row["digest"]: row for row in annotated("summaries.jsonl")}
    for whole, sentences in annotated_articles(shared):
        article = " ".join(re.findall(r"\w+", " ".join(sentences).lower()))
        for part in (
            p for t in _texts(raw[whole["digest"]]) for p in ([t] if isinstance(t, str) else t) if isinstance(p, str)
        ):
            words = re.findall(r"\w+", part.lower())
            assert not any(f" {' '.join(words[n : n + 8])} " in f" {article} " for n in range(len(words) - 7)), part
