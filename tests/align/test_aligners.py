"""One contract for every aligner, on real text; what the trained one alone promises; hostile and odd sentences."""

import numpy as np
import pytest

from toolkit.align.cross import CrossEncoderAligner
from toolkit.align.plain import HybridAligner, PlainAligner, among_best
from toolkit.align.trained import TrainedAligner
from toolkit.errors import ModelError
from toolkit.testing import FakeEncoder

A = ["The ferry Aurora sank off Tallin Bay on Monday.", "Crew members blamed the storm.", "Photo: Agency"]
B = ["On Monday the ferry Aurora sank off Tallin Bay.", "Farmers welcomed lower taxes.", "Photo: Agency"]
C = ["Taxes for farmers go down, which they welcomed.", "A ferry, the Aurora, went down off Tallin Bay on Monday."]
ODD = [
    "🚢🚢🚢",
    "!!!",
    "“Never,” she said.",
    "THE FERRY AURORA SANK OFF TALLIN BAY ON MONDAY.",
    "- one\n- two\n- three",
    "| a | 1 |\n| b | 2 |",
    "ferry " * 1000,
    "\u200b",
    "x" * 10_000,
]


def ends(links):
    return {((k.a.article, k.a.index), (k.b.article, k.b.index)): k.probability for k in links}


def mirrored(links):
    return {pair[::-1]: p for pair, p in ends(links).items()}


@pytest.fixture(params=["trained", "hybrid", "plain", "cross-encoder"])
def aligner(request, cross_encoder):
    if request.param == "cross-encoder":
        return CrossEncoderAligner(model=str(cross_encoder()), threshold=0.01)
    return {"trained": TrainedAligner, "hybrid": HybridAligner, "plain": PlainAligner}[request.param]()


class TestEveryAligner:
    def test_links_what_is_the_same_and_nothing_boilerplate(self, aligner, story):
        links = aligner.links(*story(A, B, C))
        found = ends(links)
        assert (("a", 0), ("b", 0)) in found
        assert not any(place[1] == 2 and place[0] != "c" for pair in found for place in pair)
        assert all(a[0] != b[0] for a, b in found)
        assert all(0 <= p <= 1 for p in found.values())
        reason = next(k.reason for k in links if (k.a.index, k.b.index, k.b.article) == (0, 0, "b"))
        assert "tallin" in reason

    def test_tells_the_same_from_the_other(self, aligner, story):
        if aligner.kind == "cross-encoder":
            pytest.skip("its weights are random")
        found = ends(aligner.links(*story(A, B, C)))
        assert (("a", 0), ("c", 1)) in found
        assert (("b", 1), ("c", 0)) in found
        assert found.get((("a", 1), ("b", 1)), 0) < 0.1

    def test_mirrors(self, aligner, story):
        (x, y), rows = story(A, B)
        there = aligner.links([x, y], rows)
        back = aligner.links([y, x], rows[::-1])
        assert ends(there) == mirrored(back)

    def test_odd_sentences_break_nothing(self, aligner, story):
        for k in aligner.links(*story(A, ODD, ["Nothing to see here."])):
            assert 0 <= k.probability <= 1

    def test_an_article_without_a_sentence(self, aligner, story):
        analyses, rows = story(A, [], B)
        rows[1] = np.zeros((0, 384), dtype=np.float32)
        assert (("a", 0), ("c", 0)) in ends(aligner.links(analyses, rows))

    def test_takes_vectors_of_another_encoder(self, aligner, story):
        analyses, _ = story(A, B)
        rows = [FakeEncoder(dim=64).encode([s.sentence.text for s in a.sentences]) for a in analyses]
        assert (("a", 0), ("b", 0)) in ends(aligner.links(analyses, rows))


class TestTrained:
    def test_more_articles_change_no_side(self, story):
        analyses, rows = story(A, B, C)
        probability = TrainedAligner().probability(analyses, rows)
        assert np.array_equal(probability, probability.T)
        order = [2, 0, 1]
        other = TrainedAligner().probability([analyses[n] for n in order], [rows[n] for n in order])
        sizes = [len(a.sentences) for a in analyses]
        starts = np.cumsum([0, *sizes])
        place = np.concatenate([np.arange(starts[n], starts[n + 1]) for n in order])
        assert np.allclose(other, probability[np.ix_(place, place)], atol=1e-4)

    def test_a_repeated_sentence_is_linked_alike(self, story):
        repeated = [A[0], "Something else happened in between, far away.", A[0], A[1]]
        probability = TrainedAligner().probability(*story(repeated, B))
        assert np.array_equal(probability[0], probability[2])

    def test_an_all_caps_copy_is_the_same_point(self, story):
        assert TrainedAligner().probability(*story(A, [ODD[3]]))[0, -1] > TrainedAligner().threshold

    def test_a_threshold_of_one_links_nothing_but_certainties(self, story):
        assert TrainedAligner(threshold=1.0, weak=1.0).links(*story(A, B)) == ()

    def test_few_candidates_leave_the_rest_to_the_screen(self, story):
        analyses, rows = story(A, B, C)
        few = TrainedAligner(candidates=1).probability(analyses, rows)
        assert few.shape == (6, 6)
        assert few[0, 2] > TrainedAligner().threshold

    def test_a_folder_without_weights_is_named(self, story, tmp_path):
        with pytest.raises(ModelError, match=r"no screen\.safetensors in .*toolkit\.training\.align"):
            TrainedAligner(weights=str(tmp_path)).links(*story(A, B))


class TestCrossEncoder:
    def test_a_model_with_more_outputs_is_refused(self, cross_encoder, story):
        with pytest.raises(ModelError, match="expected one output, got 3"):
            CrossEncoderAligner(model=str(cross_encoder(3))).links(*story(A, B))

    def test_a_folder_that_is_not_there(self, story):
        with pytest.raises(ModelError, match=r"cross-encoder '\./nowhere': there is no such folder"):
            CrossEncoderAligner(model="./nowhere").links(*story(A, B))

    def test_pickled_weights_are_refused(self, cross_encoder, story):
        folder = cross_encoder()
        (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
        with pytest.raises(ModelError, match="expected safetensors"):
            CrossEncoderAligner(model=str(folder)).links(*story(A, B))

    def test_its_name_is_the_model(self):
        assert CrossEncoderAligner(model="someone/some-model").name == "someone/some-model"


def test_only_the_best_of_either_sentence_are_kept(story):
    analyses, _ = story(["One.", "Two."], ["Three.", "Four."])
    similarity = np.array([[1, 1, 0.9, 0.8], [1, 1, 0.2, 0.1], [0.9, 0.2, 1, 1], [0.8, 0.1, 1, 1]])
    kept = among_best(analyses, similarity, 1)
    assert kept[0, 2] == 0.9  # the best of both
    assert kept[0, 3] == 0.8  # the best of the second article's last
    assert kept[1, 2] == 0.2  # the best of the first article's last
    assert kept[1, 3] == 0.0
    assert np.array_equal(kept, kept.T)
