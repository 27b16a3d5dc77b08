from toolkit.analyse import SpacyAnalyser
from toolkit.summarize.drift import drift_of
from toolkit.telling import Attribution
from toolkit.types import Document, Summary, SummarySentence
from toolkit.voices import with_voices

ARTICLE = [
    "The minister said the dam might fail.",
    "“It was built in haste,” Berg said.",
    "“Nobody checked it.”",
]


def read(texts, cues):
    analysis = SpacyAnalyser().analyse(Document.from_sentences(texts, article_id="a"))
    attributions = []
    for text, cue in zip(texts, cues, strict=True):
        if cue is None:
            attributions.append(())
        elif cue == "":
            attributions.append((Attribution(None, None, ((0, len(text)),)),))
        else:
            source, verb = ((text.index(w), text.index(w) + len(w)) for w in cue)
            attributions.append((Attribution(source, verb, ((0, 3),)),))
    return with_voices(analysis, attributions)


def drift(lines, cues, *, lights=None, known=None):
    """Of a summary given as (text, number of the sentence that it rests on)."""
    article = read(ARTICLE, [("minister", "said"), ("Berg", "said"), ""])
    document = article.document
    made = Summary(
        "a", "test",
        tuple(
            SummarySentence(t, 1.0, (document.span(s.start, s.end, sentence=n),))
            for t, n in lines for s in [document.sentences[n]]
        ),
    )  # fmt: skip
    return drift_of((article, known or {}), (read([t for t, _ in lines], cues), lights or {}), made)


def test_verbatim_sentences_with_their_source_do_not_drift_at_a_place():
    assert drift([(ARTICLE[0], 0)], [("minister", "said")]).places == ()


def test_a_lost_source_and_a_lost_hedge_are_shown_in_the_articles_words():
    found = drift([("The dam will fail.", 0)], [None]).places
    assert [(p.what, p.evidence.text) for p in found] == [("attribution", "minister said")]
    found = drift([("The dam fails.", 0)], [None]).places
    assert [(p.what, p.evidence.text) for p in found] == [("attribution", "minister said"), ("hedge", "might")]


def test_a_quotation_taken_without_the_sentence_that_attributes_it_has_lost_its_source():
    (place,) = drift([(ARTICLE[2], 2)], [""]).places
    assert (place.what, place.evidence.text) == ("attribution", "Berg said")
    assert drift([(ARTICLE[1], 1), (ARTICLE[2], 2)], [("Berg", "said"), ""]).places == ()


def test_shares_are_the_summarys_less_the_articles():
    found = drift([("The dam fails.", 0)], [None])
    assert (found.hedged, found.attributed) == (round(0 - 1 / 3, 3), -1.0)


def test_another_light_is_drift_of_stance():
    found = drift(
        [("The brave minister said the dam might fail.", 0)], [("minister", "said")],
        lights={"minister": [(0, 0.9)]}, known={"minister": [(0, -0.1)]},
    )  # fmt: skip
    assert found.stance == 1.0
    assert [p.what for p in found.places] == ["stance"]
    assert found.places[0].evidence.text == ARTICLE[0]
