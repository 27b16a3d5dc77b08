from eval.systems import WholeStory
from eval.types import Item

A = ["The council reopened the harbour to all ships on Friday.", "Gulls were seen over the quay."]
B = ["The harbour was reopened to all ships by the council on Friday.", "Ferries run again from Monday on, it said."]


def predicted(articles, words):
    return WholeStory().predict(Item("x", {"articles": articles, "words": words}, None))["text"]


def test_what_both_tell_comes_first_and_the_budget_is_kept():
    assert predicted([A, B], 12) in {A[0], B[0]}
    whole = predicted([A, B], 60)
    assert whole.startswith((A[0], B[0]))
    assert A[1] in whole
    assert B[1] in whole


def test_a_single_report_gives_its_first_sentences():
    assert predicted([A, [" "]], 12) == A[0]
