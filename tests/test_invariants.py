"""The seven promises (docs/how-it-works.md), over generated text and over the example story."""

import re
import textwrap
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from toolkit import Article, CompareConfig, Comparison, Document, compare
from toolkit.analyse import SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.segment import mark_boilerplate, segment
from toolkit.sources import read_articles
from toolkit.testing import FakeEncoder

ROOT = Path(__file__).parent.parent
HARBOUR = ROOT / "examples" / "harbour"
few = settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vectors")
    return CompareConfig(encoder=MiniLM(cache_dir=str(folder)), any_language=True)


@pytest.fixture(scope="module")
def articles():
    return read_articles([HARBOUR / f"{n}.txt" for n in ("state-agency", "wire", "regional")])


@pytest.fixture(scope="module")
def comparison(articles, config):
    return compare(articles, config=config)


def findings(comparison):
    """The differences without names and order: an article is known by its text."""
    text = {a.id: a.text for a in comparison.articles}
    return {
        (
            d.kind,
            frozenset((text[s.article], s.start, s.text) for s in d.sides),
            frozenset(text[a] for a in d.absent),
            d.strength,
            d.confidence,
        )
        for d in comparison.differences
    }


def groups(comparison):
    text = {(a.id, s.index): s.text for a in comparison.articles for s in a.sentences}
    return sorted(sorted(text[m.article, m.index] for m in p.sentences) for p in comparison.points)


def spans(comparison):
    yield from (e for s in comparison.summaries for x in s.sentences for e in x.evidence)
    yield from (s for d in comparison.differences for s in d.sides)


def check_offsets(comparison):
    text = {a.id: a for a in comparison.articles}
    for a in comparison.articles:
        assert all(a.text[s.start : s.end] == s.text for s in a.sentences)
    for s in spans(comparison):
        assert text[s.article].text[s.start : s.end] == s.text
        home = text[s.article].sentences[s.sentence]
        assert home.start <= s.start < s.end <= home.end
    for m in (m for p in comparison.points for m in p.sentences):
        home = text[m.article].sentences[m.index]
        assert home.start <= m.start < m.end <= home.end


PIECES = st.sampled_from(
    [
        "The mayor said 12 people were hurt.",
        "“A new chapter,” Marr said!",
        "It could breach the law.",
        "<p>12 &amp; 13</p>",
        "Dr. Noël went to Łódź.",
        "👩\u200d👩\u200d👧 e\u0301",
        "“open",
        "Photo: AP",
        "…",
        "\r\n",
        "\n\n",
        " ",
        "\t",
        "\u2028",
        "\u00a0",
    ]
)
TEXTS = st.lists(PIECES | st.text(max_size=12), max_size=20).map("".join)


# 1. Offsets


@settings(max_examples=10, deadline=None)
@given(TEXTS)
def test_sentences_stand_where_they_say_in_any_text(text):
    document = mark_boilerplate(segment(Article(text)))
    assert document.text == text
    assert all(text[s.start : s.end] == s.text and s.text.strip() for s in document.sentences)
    starts = [s.start for s in document.sentences]
    assert starts == sorted(starts)


@few
@given(first=TEXTS, second=TEXTS)
def test_everything_stands_where_it_says_in_any_story(config, first, second):
    opening = "The ferry sank off the coast on Monday, officials said."
    check_offsets(compare([Article(f"{opening} {first}"), Article(f"{second}\r\n\r\n{opening}")], config=config))


def test_everything_stands_where_it_says_in_the_example(comparison):
    check_offsets(comparison)


def test_everything_stands_where_it_says_with_other_line_ends(articles, config, comparison):
    windows = compare([replace(a, text=a.text.replace("\n", "\r\n"), id="") for a in articles], config=config)
    check_offsets(windows)
    assert {k for k, *_ in findings(windows)} == {k for k, *_ in findings(comparison)}


# 2. Both sides verbatim


def test_every_difference_quotes_its_sides_and_its_silences(comparison):
    ids = [a.id for a in comparison.articles]
    assert comparison.differences
    for d in comparison.differences:
        told = [s.article for s in d.sides]
        assert all(s.text.strip() for s in d.sides)
        assert set(d.absent) <= set(ids) - set(told)
        assert len(d.sides) == 1 if d.kind == "omission" else len(set(told)) >= 2
        assert bool(d.absent) == (d.kind == "omission")


def test_a_reason_quotes_its_sides_and_nothing_else(comparison):
    for d in comparison.differences:
        rest = d.reason
        for words in (" ".join(s.text.split()) for s in d.sides):
            cut = re.search(r"‘([^…]*) …’", rest)
            shown = f"‘{words}’" if f"‘{words}’" in rest else cut[0]
            assert words.startswith(shown[1:-1].removesuffix(" …"))
            rest = rest.replace(shown, "", 1)
        assert not re.search('[‘“"]', rest), d.reason


# 3. Blind to names and order


@few
@given(names=st.lists(NAMES, min_size=3, max_size=3), order=st.permutations(range(3)))
def test_names_and_order_change_no_finding(articles, config, comparison, names, order):
    renamed = [replace(articles[i], outlet=n, id="", group=n) for i, n in zip(order, names, strict=True)]
    other = compare(renamed, config=config)
    assert findings(other) == findings(comparison)
    assert groups(other) == groups(comparison)
    assert {s.text for s in other.summaries} == {s.text for s in comparison.summaries}


# 4. An article against itself


@pytest.mark.parametrize("name", ["state-agency", "wire", "regional", "wire-rewrite"])
def test_article_against_itself_or_a_copy_has_no_difference(config, name):
    (article,) = read_articles([HARBOUR / f"{name}.txt"])
    for copy in (article, replace(article, outlet="Another", id="")):
        result = compare([article, copy], config=config)
        assert result.differences == ()
        assert any("identical" in n for n in result.notes)


@few
@given(text=TEXTS)
def test_any_text_against_its_copy_has_no_difference(config, text):
    text = f"{text} The ferry sank off the coast, officials said."
    result = compare([Article(text, outlet="A"), Article(text, outlet="B")], config=config)
    assert result.differences == ()
    assert any("identical" in n for n in result.notes)


# 5. Evidence


def test_every_summary_sentence_has_evidence_in_its_own_article(comparison):
    assert [s.article for s in comparison.summaries] == [a.id for a in comparison.articles]
    for summary in comparison.summaries:
        assert summary.sentences
        for s in summary.sentences:
            assert s.evidence
            assert all(e.article == summary.article for e in s.evidence)
            assert 0 <= s.support <= 1
            if s.support == 1:
                assert s.text in {e.text for e in s.evidence} or all(e.text in s.text for e in s.evidence)


# 6. The same again


def test_same_input_gives_the_same_bytes(articles, config, comparison):
    assert compare(articles, config=config).to_json() == comparison.to_json()


def test_a_cold_cache_gives_the_same_findings(articles, comparison):
    cold = compare(articles, config=CompareConfig(encoder=MiniLM(cache=False), any_language=True))
    assert findings(cold) == findings(comparison)


def test_batch_size_changes_no_finding_and_no_third_decimal(articles):
    results = []
    for size in (8, 64):
        options = CompareConfig(encoder=MiniLM(cache=False, batch_size=size), analyser=SpacyAnalyser(batch_size=size))
        results.append(compare(articles, config=options))
    one, two = ({(d.kind, d.sides, d.absent, d.strength): d.confidence for d in c.differences} for c in results)
    assert one.keys() == two.keys()
    assert all(two[k] == pytest.approx(v, abs=1e-3) for k, v in one.items())
    assert [p.sentences for p in results[0].points] == [p.sentences for p in results[1].points]


# 7. Groups are the reader's


def test_groups_change_nothing_but_the_label(articles, config, comparison):
    grouped = compare([replace(a, group=g) for a, g in zip(articles, "xyz", strict=True)], config=config)
    assert grouped.differences == comparison.differences
    assert [p.group for p in grouped.profiles] == ["x", "y", "z"]


def test_the_code_names_no_camp():
    camps = re.compile(r"\b(left-wing|right-wing|leftist|conservative|democrat|republican|kremlin|western)\b", re.I)
    for file in (ROOT / "toolkit").rglob("*.py"):
        code = re.sub(r'""".*?"""|#.*', "", file.read_text(encoding="utf-8"), flags=re.S)
        assert not camps.search(code), file.name


class TestWhatChangesNothing:
    """Things that are not the report, or another cut of it, change no finding."""

    def records(self, comparison):
        texts = {d.id: d.outlet for d in comparison.articles}
        return sorted(
            (d.kind, sorted((texts[s.article], s.text) for s in d.sides), sorted(texts[a] for a in d.absent))
            for d in comparison.differences
        )

    def test_boilerplate_put_behind_a_report(self, articles, config):
        lines = ["", "Photo: Jane Doe/Reuters", "Comments are closed.", "Subscribe to our newsletter", "WATCH: More"]
        tail = "\n\n".join(lines)
        longer = [replace(articles[0], text=articles[0].text + tail, id=""), *articles[1:]]
        assert self.records(compare(longer, config=config)) == self.records(compare(articles, config=config))

    def test_lines_wrapped_at_a_fixed_width(self, articles, config):
        wrapped = [
            replace(a, text="\n\n".join(textwrap.fill(p, 76) for p in a.text.split("\n") if p.strip()), id="")
            for a in articles
        ]
        flat = [
            (kind, [(o, " ".join(t.split())) for o, t in sides], absent)
            for kind, sides, absent in self.records(compare(wrapped, config=config))
        ]
        assert flat == self.records(compare(articles, config=config))

    def test_a_copy_cut_otherwise(self, articles, config):
        for article in articles:
            parts = [p.strip() for p in re.split(r"(?<=[,.;])\s", article.text) if p.strip()]
            recut = Document.from_sentences(parts, outlet="Copy")
            assert compare([article, recut], config=config).differences == ()

    def test_an_encoder_of_ones_own(self, articles):
        class Own:
            name = "own"

            def encode(self, texts):
                return FakeEncoder(dim=64).encode(texts)

        comparison = compare(articles, config=CompareConfig(encoder=Own()))
        assert comparison.config["encoder"] == {"kind": "custom", "name": "own"}
        assert Comparison.from_json(comparison.to_json()) == comparison

    @pytest.mark.parametrize("tag", ["en-GB", "EN", "eng", "en_US"])
    def test_tags_of_english(self, tag):
        articles = [Article(t, outlet=o, language=tag) for o, t in (("A", "It rained hard."), ("B", "The sun shone."))]
        assert len(compare(articles).articles) == 2
