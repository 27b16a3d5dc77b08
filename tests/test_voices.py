from toolkit.analyse import SpacyAnalyser
from toolkit.telling import Attribution
from toolkit.types import Document
from toolkit.voices import voices_of, with_voices


def heard(*told):
    """Voices of sentences given as (text, source, cue, content), where None is no attribution."""
    texts = [t if isinstance(t, str) else t[0] for t in told]
    analysis = SpacyAnalyser().analyse(Document.from_sentences(texts, article_id="a"))
    attributions = []
    for t in told:
        if isinstance(t, str):
            attributions.append(())
            continue
        text, *parts = t
        source, cue, content = ((text.index(p), text.index(p) + len(p)) if p else None for p in parts)
        attributions.append((Attribution(source, cue, (content,) if content else ()),))
    analysis = with_voices(analysis, attributions)
    return analysis, voices_of(analysis)


def test_a_name_and_its_parts_and_pronouns_are_one_voice():
    _, voices = heard(
        ("Mayor Anna Berg said the port was closed.", "Mayor Anna Berg", "said", "the port was closed"),
        ("Berg added that it would reopen.", "Berg", "added", "that it would reopen"),
        ("She hoped for calm.", "She", "hoped", "for calm"),
    )
    (berg,) = voices
    assert (berg.name, berg.kind, berg.attributions) == ("Mayor Anna Berg", "named", 3)
    assert [p.text for p in berg.places] == ["Mayor Anna Berg", "Berg", "She"]


def test_kinds_of_voices():
    _, voices = heard(
        ("Sources familiar with the talks said they had failed.", "Sources", "said", "they had failed"),
        ("A poll found that most agreed.", "A poll", "found", "that most agreed"),
        ("A spokesman declined to comment.", "A spokesman", "declined", "to comment"),
        ("Ole Lund reportedly fled.", None, "reportedly", "Ole Lund"),
        ("Ole Lund denied it.", "Ole Lund", "denied", "it"),
    )
    assert {v.kind: v.name for v in voices} == {
        "anonymous": "Sources", "document": "A poll", "role": "A spokesman", "unnamed": "", "named": "Ole Lund",
    }  # fmt: skip


def test_the_later_sentences_of_a_quotation_count_for_its_voice():
    analysis, (berg,) = heard(
        ("“We are late,” said Berg.", "Berg", "said", "“We are late,”"),
        ("“But we will come.”", None, None, "But we will come."),
    )
    length = sum(len(s.sentence.text) for s in analysis.sentences)
    assert berg.share == round((len("“We are late,”") + len("But we will come.")) / length, 4)


def test_places_are_verbatim():
    analysis, voices = heard(("Berg said so.", "Berg", "said", "so"))
    assert all(analysis.document.text[p.start : p.end] == p.text for v in voices for p in v.places)


def test_no_attribution_no_voice():
    assert heard("It rained.")[1] == ()
