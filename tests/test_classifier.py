import numpy as np
import pytest
import torch

from toolkit.classifier import LONGEST, Classifier, ClassifierModel, probabilities
from toolkit.stance import lights, stance_model
from toolkit.types import Targeted


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(1)
    return ClassifierModel(3).eval()


def test_the_target_is_what_is_in_focus(model):
    text = "The mayor praised Berg."
    (tokens,) = model.encoded([Targeted(text, 18, 22)])
    focused = [i for i, f in zip(tokens.ids, tokens.focus, strict=True) if f]
    assert model.tokenizer.decode(focused) == "berg"


def test_without_a_target_nothing_is_in_focus(model):
    (tokens,) = model.encoded([Targeted("The mayor praised Berg.")])
    assert not any(tokens.focus)


def test_a_long_sentence_is_cut_around_its_target(model):
    text = "word " * 400 + "Berg" + " word" * 400
    (tokens,) = model.encoded([Targeted(text, 2000, 2004)])
    assert len(tokens.ids) == LONGEST
    assert model.tokenizer.decode([i for i, f in zip(tokens.ids, tokens.focus, strict=True) if f]) == "berg"


def test_hiding_spares_the_target_and_the_ends(model):
    (tokens,) = model.encoded([Targeted("The mayor praised Berg.", 18, 22)])
    hidden = tokens.without(range(len(tokens.ids)), 103)
    kept = [i for i in hidden.ids if i != 103]
    assert kept == [tokens.ids[0], *(i for i, f in zip(tokens.ids, tokens.focus, strict=True) if f), tokens.ids[-1]]


def test_probabilities_sum_to_one_and_do_not_hang_on_company(model):
    texts = [Targeted("Berg lied."), Targeted("The mayor praised Berg for his courage.", 18, 22), Targeted("")]
    said = probabilities(model, texts)
    assert said.sum(1) == pytest.approx(1)
    assert np.allclose(said[1], probabilities(model, texts[1:2])[0], atol=1e-3)


def test_weights_kept_and_read_again_say_the_same(model):
    again = Classifier(("a", "b", "c"), model.learned(rank=2))
    texts = [Targeted("Berg lied.", 0, 4)]
    assert np.allclose(again.probabilities(texts), probabilities(model, texts), atol=0.02)


def test_the_shipped_stance_model_tells_praise_from_blame():
    assert stance_model().labels == ("negative", "neutral", "positive")
    good, plain, bad = lights(
        [
            Targeted("Berg was widely praised for his brave and generous rescue.", 0, 4),
            Targeted("Berg arrived in Oslo on Tuesday.", 0, 4),
            Targeted("Berg was condemned as a corrupt and cruel liar.", 0, 4),
        ]
    )
    assert good > 0.5 > abs(plain)
    assert bad < -0.5


def test_two_targets_of_one_sentence_stand_in_their_own_light():
    text = "The mayor praised Berg for exposing the lies of Holm."
    berg, holm = lights([Targeted(text, 18, 22), Targeted(text, text.index("Holm"), text.index("Holm") + 4)])
    assert berg > holm
