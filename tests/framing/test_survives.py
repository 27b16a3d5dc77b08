import pytest

from toolkit.analyse import SpacyAnalyser
from toolkit.attributions import with_attributions
from toolkit.framing.survives import Report, source_dropped, survives
from toolkit.types import Document


def holds(kind, a, b, *, sides, more=((), ())):
    """Whether a difference between the first sentences of two reports, at these words, survives."""
    analyser = SpacyAnalyser()
    reports, spans = [], []
    for n, (text, words, rest) in enumerate(zip((a, b), sides, more, strict=True)):
        (analysis,) = with_attributions([analyser.analyse(Document.from_sentences([text, *rest], article_id="ab"[n]))])
        reports.append(Report(analysis))
        spans.append((analysis.sentences[0], (text.index(words), text.index(words) + len(words))))
    return survives(kind, *spans, tuple(reports))


@pytest.mark.parametrize(
    ("a", "b", "sides", "stands"),
    [
        ("It fell by a quarter.", "It fell by 25 percent.", ("a quarter", "25 percent"), False),
        ("The trip took six days.", "The trip was weeklong.", ("six days", "weeklong"), True),
        ("It fell 9 percent to 231 dollars.", "At 231 dollars it was 9 percent lower.", ("9 percent", "231"), False),
        ("Twelve were hurt.", "At least 40 were hurt.", ("Twelve", "At least 40"), True),
        ("The items were cut.", "It cost 410 million.", ("The items", "410 million"), False),
        ("Dozens were hurt.", "47 were hurt.", ("Dozens", "47"), True),
    ],
)
def test_figures_differ_in_value_and_one_is_nowhere_in_the_other_report(a, b, sides, stands):
    assert holds("figure", a, b, sides=sides) is stands


def test_a_figure_that_the_other_report_gives_elsewhere_is_no_conflict():
    told = holds(
        "figure", "Exports rose 14 percent.", "Exports came to 2 million tonnes.", sides=("14 percent", "2 million"),
        more=(["They came to 2 million tonnes."], ["That was 14 percent more."]),
    )  # fmt: skip
    assert not told


def test_words_that_both_reports_use_are_no_difference_of_naming():
    sides = ("riot", "protest")
    assert holds("naming", "The riot ended.", "The protest ended.", sides=sides)
    assert not holds(
        "naming", "The riot ended.", "The protest ended.", sides=sides, more=(["A protest began."], ["A riot it was."])
    )


def test_the_same_source_vouches_where_a_pronoun_stands_for_it():
    ministry = "The ministry said rain was late."
    first = ["It said rain was late.", "The ministry said the rain was late."]
    assert not holds("attribution", ministry, first[1], sides=("The ministry said", "The ministry said"))
    assert holds("attribution", ministry, "Farmers said rain was late.", sides=("The ministry said", "Farmers said"))
    assert holds("attribution", ministry, "Rain was late.", sides=("The ministry said", "was late"))


def test_kinds_without_a_check_stand():
    assert holds("certainty", "It will fall.", "It may fall.", sides=("will", "may"))


@pytest.mark.parametrize(
    ("a", "b", "sides", "more", "stands"),
    [
        # A pronoun may stand for whomever its report names.
        ("It warned that cells were small.", "The ombudsman warned that cells were small.", ("It warned", "ombudsman"),
         (["The ombudsman visited the prison in May."], []), False),
        # A title for the name that bears it in either report.
        ("The minister said the list was public.", "Kaufana said the list was public.", ("minister", "Kaufana"),
         ([], ["Health Minister Kaufana was in town."]), False),
        # A part of a source's name.
        ("The panel's interim report says he broke the rules.", "The panel says he broke the rules.",
         ("report says", "panel says"), ((), ()), False),
        # What is shared is not what is attributed.
        ("The river is 40 kilometres long.", "The river is 40 kilometres long, and the union said fish had died.",
         ("river is", "union said"), ((), ()), False),
        ("A union said the signalman was tired.", "The signalman was tired.", ("union", "was tired"), ((), ()), True),
    ],
)  # fmt: skip
def test_a_voice_is_known_by_its_other_names(a, b, sides, more, stands):
    assert holds("attribution", a, b, sides=sides, more=more) is stands


def test_only_a_source_the_other_report_never_mentions_is_dropped():
    analyser = SpacyAnalyser()

    def dropped(first, second):
        read = with_attributions(
            [
                analyser.analyse(Document.from_sentences(t, article_id=n))
                for n, t in zip("ab", (first, second), strict=True)
            ]
        )
        return source_dropped((read[0].sentences[0], read[1].sentences[0]), (Report(read[0]), Report(read[1])))

    said, plain = "A staff union said that the signalman had been on duty.", "The signalman had been on duty."
    assert dropped([said], [plain])
    assert dropped([plain], [said])
    assert not dropped([said], [plain, "So a staff union told reporters."])
    assert not dropped([said], [said])
