import numpy as np
import pytest
import torch

from toolkit.attributions import (
    ROLES,
    WEIGHTS,
    AttributionModel,
    AttributionTagger,
    Window,
    read_roles,
)
from toolkit.telling import Attribution

TEXT = "The mayor said the port was closed, critics doubted it."


def spelled(text, roles):
    """A window whose tokens are the words of the text, and logits that give each the role named for it."""
    offsets, at = [], 0
    for word in text.split():
        start = text.index(word, at)
        offsets.append((start, start + len(word)))
        at = start + len(word)
    logits = np.full((len(offsets), len(ROLES)), -4.0)
    for n, (start, end) in enumerate(offsets):
        logits[n, ROLES.index(roles.get(text[start:end], "none"))] = 4.0
    return Window((101, *range(2000, 2000 + len(offsets)), 102), 1, tuple(offsets)), logits


def words(text, x):
    return [text[slice(*r)] if r else None for r in (x.source, x.cue)] + [text[slice(*r)] for r in x.content]


def test_runs_of_roles_become_attributions_with_the_nearest_cue():
    roles = {
        "The": "source", "mayor": "source", "said": "cue", "the": "content", "port": "content", "was": "content",
        "closed,": "content", "critics": "source", "doubted": "cue", "it.": "content",
    }  # fmt: skip
    window, logits = spelled(TEXT, roles)
    first, second = read_roles(TEXT, window, logits)
    assert words(TEXT, first) == ["The mayor", "said", "the port was closed,"]
    assert words(TEXT, second) == ["critics", "doubted", "it."]


def test_content_alone_continues_a_quotation():
    window, logits = spelled("We will win.", dict.fromkeys(("We", "will", "win."), "content"))
    assert read_roles("We will win.", window, logits) == (Attribution(None, None, ((0, 12),)),)


def test_no_role_is_no_attribution():
    window, logits = spelled(TEXT, {})
    assert read_roles(TEXT, window, logits) == ()


def test_a_word_cut_into_pieces_has_the_role_of_its_first():
    text = "Zelenskyy spoke"
    logits = np.full((3, len(ROLES)), -4.0)
    logits[[0, 1, 2], [1, 0, 2]] = 4.0
    (found,) = read_roles(text, Window((101, 5, 6, 7, 102), 1, ((0, 4), (4, 9), (10, 15))), logits)
    assert words(text, found) == ["Zelenskyy", "spoke"]


def test_weights_kept_and_read_again_say_the_same(tmp_path):
    torch.manual_seed(3)
    model = AttributionModel().eval()
    tagger = AttributionTagger(model.learned(rank=2))
    windows = model.windows(["One said two.", "Three."])
    with torch.inference_mode():
        assert torch.allclose(model(windows), tagger.model(windows), atol=0.05)


@pytest.fixture(scope="module")
def tagger():
    return AttributionTagger.load(WEIGHTS)


def test_the_shipped_tagger_finds_who_said_what(tagger):
    text = "Police spokesman Ola Berg said the bridge would reopen on Friday."
    (((found,),),) = tagger.attributions([[text]])
    assert words(text, found)[:2] == ["Police spokesman Ola Berg", "said"]
    assert "the bridge would reopen" in " ".join(words(text, found)[2:])


def test_a_plain_act_is_no_attribution(tagger):
    assert tagger.attributions([["The ferry left the harbour at noon with 40 cars."]]) == [[()]]


def test_other_documents_change_nothing(tagger):
    one = ["Berg denied the claim.", "“It is false,” he said.", "“I was not there.”"]
    two = ["It rained."]
    assert tagger.attributions([one, two])[0] == tagger.attributions([one])[0]


@pytest.mark.parametrize("text", ["", " ", "\u202e\x00", "word " * 700, "\ud800 said so"])
def test_odd_text_is_read_without_error(tagger, text):
    (((*found,),),) = (tagger.attributions([[text]]),)
    assert all(0 <= s < e <= len(text) for x in found[0] for s, e in x.content)
