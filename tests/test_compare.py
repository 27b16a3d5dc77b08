from dataclasses import replace

import pytest

from toolkit import Article, CompareConfig, Document, align, compare, summarize, summarize_stream
from toolkit.comparison import Comparison
from toolkit.encode import MiniLM
from toolkit.errors import LanguageError, StoryError
from toolkit.framing.judge import Framing, readers_in

A = "The ferry Aurora sank off Tallin Bay on Monday. Officials said 12 people were hurt. Crew members blamed the storm."
B = "On Monday the ferry Aurora sank off Tallin Bay. Officials said 40 people were hurt. Divers slammed the ministry."
GERMAN = "Die Fähre ist am Montag vor der Küste gesunken. Der Minister sagte, zwölf Menschen seien verletzt worden."


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return CompareConfig(encoder=MiniLM(cache_dir=str(tmp_path_factory.mktemp("vectors"))))


@pytest.fixture(scope="module")
def articles():
    return Article(A, outlet="Gazette", group="x"), Article(B, outlet="Courier")


@pytest.fixture(scope="module")
def comparison(articles, config):
    return compare(articles, config=config)


def test_parts_line_up_with_the_articles(comparison):
    ids = tuple(a.id for a in comparison.articles)
    assert [a.outlet for a in comparison.articles] == ["Gazette", "Courier"]
    assert tuple(s.article for s in comparison.summaries) == ids
    assert tuple(p.article for p in comparison.profiles) == ids
    assert comparison.coverage.articles == ids
    assert comparison.coverage.points == tuple(p.id for p in comparison.points)
    assert [d.id for d in comparison.differences] == [f"d{n}" for n in range(1, len(comparison.differences) + 1)]


def test_profiles_count_what_the_coverage_shows(comparison):
    for column, profile in enumerate(comparison.profiles):
        told = [row for row in comparison.coverage.told if row[column]]
        assert profile.points == len(told)
        assert profile.shared == sum(all(row) for row in told)
        assert profile.points == profile.shared + profile.alone
        assert profile.points + profile.untold == len(comparison.points)
        assert profile.sentences == 3
        assert profile.attributed > 0


def test_differences_are_ranked_and_stand_at_a_point_that_holds_their_sides(comparison):
    worth = [d.strength + d.confidence for d in comparison.differences]
    assert worth == sorted(worth, reverse=True)
    for d in comparison.differences:
        first = {(m.article, m.index) for m in comparison.point(d.point).sentences}
        assert (d.sides[0].article, d.sides[0].sentence) in first
        assert 1 <= d.strength <= 3
        assert 0 <= d.confidence <= 1
        names = [comparison.article(i).name for i in (*(s.article for s in d.sides), *d.absent)]
        assert all(name in d.reason for name in names)


def test_the_two_figures_are_set_against_each_other(comparison):
    pairs = [tuple(s.text for s in d.sides) for d in comparison.differences if d.kind == "figure"]
    assert any("12" in x and "40" in y for x, y in pairs)


def test_result_reads_back_equal(comparison):
    assert Comparison.from_json(comparison.to_json()) == comparison


def test_run_is_on_the_record(comparison, config):
    assert comparison.config == config.model_dump(mode="json")
    assert {"samestory", "torch", "spacy"} <= comparison.versions.keys()


def test_parts_alone_give_what_the_whole_gives(articles, config, comparison):
    assert summarize(articles, config=config) == comparison.summaries
    assert align(articles, config=config) == comparison.points


def test_progress_tells_each_stage_to_its_end(articles, config):
    seen = []
    compare(articles, config=config, progress=lambda *step: seen.append(step))
    assert list(dict.fromkeys(stage for stage, *_ in seen)) == ["reading", "encoding", "aligning", "comparing"]
    last = {stage: (done, total) for stage, done, total in seen}
    assert all(done == total for done, total in last.values())


def test_cut_documents_are_taken_as_they_are(config):
    documents = [Document.from_sentences(t.split(". "), article_id=i) for i, t in (("A", A), ("B", B))]
    result = compare(documents, config=config)
    assert [a.id for a in result.articles] == ["A", "B"]
    assert [[s.text for s in a.sentences] for a in result.articles] == [A.split(". "), B.split(". ")]


def test_articles_with_one_id_are_told_apart(config):
    result = compare([Article(A, id="x"), Article(B, id="x")], config=config)
    assert len({a.id for a in result.articles}) == 2


def test_kinds_that_are_not_asked_for_are_not_looked_for(articles, config):
    only = replace(config.framing, kinds=("figure",))
    result = compare(articles, config=config.model_copy(update={"framing": only}))
    assert set(result.kinds) == {"figure"}


@pytest.mark.parametrize("call", [compare, align])
@pytest.mark.parametrize("count", [0, 1])
def test_fewer_than_two_articles_is_no_story(call, count):
    with pytest.raises(StoryError, match=f"two articles at least, got {count or 'none'}"):
        call([Article(A)] * count)


def test_nothing_to_summarise_is_said():
    with pytest.raises(StoryError, match="one article at least, got none"):
        summarize([])


@pytest.mark.parametrize("text", ["", " \n\n ", "Comments are closed."])
def test_article_without_sentences_is_named(text):
    with pytest.raises(StoryError, match="Gazette: no sentences"):
        compare([Article(text, outlet="Gazette"), Article(B)])


def test_other_language_is_named_with_the_way_on():
    with pytest.raises(LanguageError, match=r"Zeitung: written in 'de'.*'en'.*--any-language"):
        compare([Article(A), Article(GERMAN, outlet="Zeitung")])


def test_other_language_goes_on_when_told_to(config):
    result = compare([Article(A), Article(GERMAN)], config=config.model_copy(update={"any_language": True}))
    assert len(result.articles) == 2


def test_the_readers_are_loaded_where_they_are_asked_for(articles, config, monkeypatch):
    assert config.framing.method == "trained"
    assert "figure" in {d.kind for d in compare(articles, config=config).differences}
    readers_in.cache_clear()
    monkeypatch.setattr("toolkit.framing.reader.DifferenceReader.load", lambda path: pytest.fail(f"loaded {path}"))
    rules = config.model_copy(update={"framing": Framing(method="rules")})
    assert "figure" in {d.kind for d in compare(articles, config=rules).differences}
    with pytest.raises(pytest.fail.Exception, match=r"reader\.safetensors"):
        compare(articles, config=config.model_copy(update={"framing": Framing()}))


class TestStream:
    def test_the_same_as_all_at_once_however_many_are_held(self, config):
        texts = [f"The ferry crews of port {n} stopped work on Friday. Talks go on." for n in range(5)]
        articles = [Article(text, id=f"a{n}") for n, text in enumerate(texts)]
        together = summarize(articles, config=config)
        for block in (1, 2, 64):
            assert tuple(summarize_stream(iter(articles), config=config, block=block)) == together

    def test_nothing_is_read_before_it_is_asked_for(self, config):
        def endless():
            n = 0
            while True:
                n += 1
                yield Article(f"Crew {n} stopped work on Friday.", id=f"a{n}")

        stream = summarize_stream(endless(), config=config, block=2)
        assert [next(stream).article for _ in range(3)] == ["a1", "a2", "a3"]
