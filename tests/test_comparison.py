import json

import pytest

from toolkit import Article, Comparison, compare
from toolkit.errors import ResultError
from toolkit.types import with_unique_ids

A = "The ministry said the port would close on Friday. Two ships were turned away. Crews protested loudly at the gate."
B = "The port closed on Friday, the ministry said. Dozens of ships were turned away. No crew was paid for the week."


@pytest.fixture(scope="module")
def saved():
    return json.loads(compare([Article(A, outlet="A"), Article(B, outlet="B")]).to_json())


def test_reads_back_to_an_equal_object(saved):
    text = json.dumps(saved)
    assert json.loads(Comparison.from_json(text).to_json()) == saved


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda c: c["summaries"][0]["sentences"][0]["evidence"][0].update(text="not there"), "does not say"),
        (lambda c: c["summaries"][0]["sentences"][0]["evidence"][0].update(article="x"), "no sentence"),
        (lambda c: c["points"][0]["sentences"][0].update(index=99), "no sentence 99"),
        (lambda c: c["articles"][0]["sentences"][0].update(end=3), "do not give its text"),
        (lambda c: c.update(schema="other/1"), "schema"),
    ],
)
def test_what_does_not_hold_together_is_refused(saved, change, said):
    broken = json.loads(json.dumps(saved))
    change(broken)
    with pytest.raises(ResultError, match=said):
        Comparison.from_json(json.dumps(broken))


def test_unique_ids_avoid_ids_that_are_taken():
    articles = [Article("x", id="a"), Article("y", id="a"), Article("z", id="a-2")]
    assert [a.id for a in with_unique_ids(articles)] == ["a", "a-3", "a-2"]
