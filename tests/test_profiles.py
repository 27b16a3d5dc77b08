import pytest

from toolkit.analyse import SpacyAnalyser
from toolkit.comparison import Coverage
from toolkit.profiles import actors_of, groups_of, lights_of, profiles_of, tone
from toolkit.types import Difference, Document, Span

TEXTS = {
    "a": ["President Ada Marr praised Norway.", "Marr was hailed as a brave and honest leader.", "Ola came."],
    "b": ["Marr was condemned as a corrupt liar.", "Norway waited for Marr."],
    "c": ["Norway shrugged.", "It rained."],
}
GROUPS = {"a": "coast", "b": "inland", "c": "inland"}


@pytest.fixture(scope="module")
def analyses():
    analyser = SpacyAnalyser()
    return [
        analyser.analyse(Document.from_sentences(t, article_id=k, outlet=k.upper(), group=GROUPS[k]))
        for k, t in TEXTS.items()
    ]


def made(analyses):
    coverage = Coverage(("a", "b", "c"), ("p1", "p2"), ((True, True, False), (False, True, True)))
    sides = tuple(Span(a, 0, 0, 4, TEXTS[a][0][:4]) for a in "ab")
    inside = tuple(Span(a, 0, 0, 4, TEXTS[a][0][:4]) for a in "bc")
    differences = (
        Difference("d1", "wording", "p1", sides, (), 2, 0.5, "r"),
        Difference("d2", "naming", "p2", inside, (), 2, 0.5, "r"),
        Difference("d3", "omission", "p1", sides[:1], ("c",), 2, 0.5, "r"),
    )
    light = lights_of(analyses, actors_of(analyses))
    profiles = profiles_of(analyses, coverage=coverage, differences=differences, voices=[(), (), ()], light=light)
    return profiles, groups_of(profiles, coverage=coverage, differences=differences, light=light)


def test_actors_are_the_names_that_several_reports_use(analyses):
    assert set(actors_of(analyses).values()) == {"Marr", "Norway"}


def test_each_report_puts_an_actor_in_its_own_light(analyses):
    a, b, _ = lights_of(analyses, actors_of(analyses))
    assert [place for place, _ in a["Marr"]] == [0, 1]
    assert a["Marr"][1][1] > 0.3 > -0.3 > b["Marr"][0][1]


def test_profiles_count_and_tell_tones(analyses):
    profiles, _ = made(analyses)
    assert [(p.points, p.shared, p.alone, p.untold) for p in profiles] == [(1, 1, 0, 1), (2, 2, 0, 0), (1, 1, 0, 1)]
    assert profiles[0].differences == {"omission": 1, "wording": 1}
    tones = {p.article: {t.actor: t for t in p.tones} for p in profiles}
    assert tones["a"]["Marr"].mean > tones["b"]["Marr"].mean
    assert tones["c"].keys() == {"Norway"}


def test_groups_count_differences_between_them_alone(analyses):
    _, (coast, inland) = made(analyses)
    assert (coast.group, coast.articles, inland.articles) == ("coast", ("a",), ("b", "c"))
    assert coast.differences == {"omission": 1, "wording": 1}
    assert inland.differences == {"wording": 1}
    assert (coast.alone, inland.alone) == (0, 1)
    assert coast.sentences == 3


def test_one_label_is_no_comparison_of_groups(analyses):
    profiles, _ = made(analyses)
    coverage = Coverage(("a",), (), ())
    assert groups_of(profiles[1:], coverage=coverage, differences=(), light=[{}, {}]) == ()


def test_the_interval_of_a_tone_narrows_with_sentences_and_one_says_little():
    one, few, many = tone("x", [0.4]), tone("x", [0.3, 0.5]), tone("x", [0.3, 0.5] * 20)
    assert (one.low, one.high) == (-1.0, 1.0)
    assert few.high - few.low > many.high - many.low > 0
    assert few.mean == many.mean == pytest.approx(0.4)
