import numpy as np
import pytest
import torch

from toolkit.support import NEAREST, SupportModel, TokenReader, nearest, support_checker, verdicts

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
            both, wrong = model([short, long])
            (alone,), _ = model([short])
        assert abs(float(both[0] - alone)) < 1e-4
        assert (wrong[0, len(short.claim.ids) :] == -1e4).all()

    def test_no_evidence_and_no_words_are_no_support(self, reader):
        model = SupportModel().eval()
        (bare,) = reader.readings([CLAIM], [[]], [[]])
        (empty,) = readings(reader, " ")
        assert [v.support for v in verdicts([model], [bare, empty])] == [0.0, 0.0]


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


def test_nearest_first_and_no_more_than_asked():
    source = np.eye(8)
    (places,) = nearest(np.array([[0.1, 0.9, 0.3, 0, 0, 0, 0, 0]]), source)
    assert places[:3] == [1, 2, 0]
    assert len(places) == NEAREST
    assert nearest(source[:1], source[:2]) == [[0, 1]]
