import numpy as np
import pytest
import torch

from toolkit.support import IN_ARTICLE, MEASURES, SupportModel, TokenReader, Verdict, measured, support_checker

ARTICLE = (
    "Crews of the Orrin Bay ferries will stop work for 24 hours on Friday, their union said on Tuesday.",
    "The operator, Bay Lines, said it would offer buses around the bay and refund tickets.",
    "About 4,000 people cross the bay on a working day.",
)
CLAIM = "Crews of the ferries in Orrin Bay will stop work on Friday, the union said."


@pytest.fixture(scope="module")
def reader():
    return TokenReader()


def readings(reader, *claims, article=ARTICLE):
    return reader.readings(claims, [article] * len(claims), [article] * len(claims))


class TestReader:
    def test_offsets_give_the_tokens_and_states_are_unit_rows(self, reader):
        (read,) = readings(reader, CLAIM)
        assert "".join(CLAIM[s:e] for s, e in read.claim.offsets) == CLAIM.replace(" ", "")
        assert torch.allclose(
            read.claim.states.float().norm(dim=-1), torch.ones(read.claim.states.shape[:2]), atol=2e-3
        )
        assert len(read.form) == len(read.claim.ids)

    def test_form_says_what_stands_where(self, reader):
        (read,) = readings(reader, "The union said Halvik has 4,000.")
        words = {start: row for (start, _), row in zip(read.claim.offsets, read.form.tolist(), strict=True)}
        capital, digit, _, _, article, _, evidence, after, before = words[4]
        assert (capital, digit, article, evidence, after, before) == (0, 0, 1, 1, 0, 1)
        assert words[15][0] == 1
        assert words[26][1] == 1

    def test_nothing_and_very_long_and_broken_text(self, reader):
        (empty, long, half) = readings(reader, "", "word " * 5_000, "half \ud800 of it")
        assert empty.claim.ids == ()
        assert len(long.claim.ids) <= 126
        assert half.claim.ids

    def test_a_word_far_into_a_long_sentence_stands_in_the_article(self, reader):
        article = [f"{'word ' * 200}ferries."]
        (read,) = reader.readings(["Ferries."], [article], [article])
        assert read.form[:-1, IN_ARTICLE].tolist() == [1.0] * (len(read.claim.ids) - 1)

    def test_a_text_is_read_alike_alone_and_among_others(self, reader):
        alone = reader.stated([CLAIM])[CLAIM].states.float()
        among = reader.stated([CLAIM, *ARTICLE])[CLAIM].states.float()
        assert (alone - among).abs().max() < 2e-3


class TestModel:
    def test_tokens_beyond_a_claim_never_count(self, reader):
        torch.manual_seed(0)
        model = SupportModel().eval()
        short, long = readings(reader, "Crews stop.", CLAIM)
        with torch.inference_mode():
            both, wrong, _ = model([short, long])
            (alone,), _, _ = model([short])
        assert abs(float(both[0] - alone)) < 1e-4
        assert (wrong[0, len(short.claim.ids) :] == -1e4).all()

    def test_no_evidence_and_no_words_are_no_support(self, reader):
        model = SupportModel().eval()
        (bare,) = reader.readings([CLAIM], [[]], [[]])
        (empty,) = readings(reader, " ")
        found, worst = measured([model], [bare, empty])
        assert found.tolist() == [[0.0] * len(MEASURES)] * 2
        assert worst == [-1, -1]

    def test_the_measures_of_a_copy_are_the_best_there_are(self, reader):
        copy, apart = readings(reader, ARTICLE[0], "Halvik's museum hung a bronze bell.")
        (found, other), _ = measured([SupportModel().eval()], [copy, apart])
        assert found[1:] == pytest.approx([1, 1], abs=2e-3)
        assert (other[1:] < found[1:] - 0.1).all()


class TestShipped:
    def said(self, *claims):
        return support_checker().verdicts(claims, [ARTICLE] * len(claims), [ARTICLE] * len(claims))

    def test_a_copy_is_surer_than_the_same_made_untrue(self):
        copy, untrue = self.said(ARTICLE[0], ARTICLE[0].replace("Orrin Bay", "Halvik").replace("24", "36"))
        assert copy.support > 0.5 > untrue.support

    def test_the_weakest_words_stand_in_the_claim(self):
        claim = "Crews of the Halvik ferries will stop work on Friday."
        ((start, end),) = [v.weakest for v in self.said(claim)]
        assert 0 <= start < end <= len(claim)

    def test_the_same_in_any_batch(self):
        claims = [CLAIM, ARTICLE[1], "Nothing happened.", "The bay is deep."]
        together = [v.support for v in self.said(*claims)]
        apart = [self.said(c)[0].support for c in claims]
        assert np.allclose(together, apart, atol=2e-3)


class TestNearest:
    def test_all_sentences_the_nearest_by_vectors_first(self, reader):
        source = np.eye(3)
        assert reader.nearest(["Halvik"], ARTICLE, np.array([[0.1, 0.9, 0.3]]), source) == [[1, 2, 0]]

    def test_words_count_as_much_as_vectors(self, reader):
        rows = np.array([[0.3, 0.0, 0.4]])
        assert reader.nearest(["Gulls."], ARTICLE, rows, np.eye(3))[0][0] == 2
        assert reader.nearest(["Crews of the ferries"], ARTICLE, rows, np.eye(3))[0][0] == 0

    def test_no_claims_and_broken_text(self, reader):
        assert reader.nearest([], ARTICLE, np.zeros((0, 3)), np.eye(3)) == []
        assert sorted(reader.nearest(["half \ud800"], ARTICLE, np.zeros((1, 3)), np.eye(3))[0]) == [0, 1, 2]


def test_no_words_at_all_are_no_support():
    said = support_checker().verdicts(["", "?"], [[], ["Boats sail."]], [[], ["Boats sail."]])
    assert said[0] == Verdict(0.0, (0, 0))
    assert said[1].support < 0.5
