"""The example story: what was placed on purpose is found, and a neutral rewrite has nothing to find."""

import json
from pathlib import Path

import pytest

from toolkit import CompareConfig, compare
from toolkit.encode import MiniLM
from toolkit.sources import read_articles
from toolkit.types import KINDS

HARBOUR = Path(__file__).parent.parent / "examples" / "harbour"
STORY = ("state-agency.txt", "wire.txt", "regional.txt")
EXPECTED = json.loads((HARBOUR / "expected.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return CompareConfig(encoder=MiniLM(cache_dir=str(tmp_path_factory.mktemp("vectors"))))


@pytest.fixture(scope="module")
def comparison(config):
    return compare(read_articles([HARBOUR / n for n in STORY]), config=config)


def found(comparison, item) -> bool:
    """A difference of this kind has a side that overlaps each span, and is silent where the span is null."""
    ids = dict(zip(STORY, (a.id for a in comparison.articles), strict=True))

    def overlaps(difference, name, words) -> bool:
        if words is None:
            return ids[name] in difference.absent
        text = comparison.article(ids[name]).text
        assert words in text, (name, words)
        start = text.index(words)
        return any(s.article == ids[name] and s.start < start + len(words) and start < s.end for s in difference.sides)

    return any(
        d.kind == item["kind"] and all(overlaps(d, n, w) for n, w in zip(item["articles"], item["spans"], strict=True))
        for d in comparison.differences
    )


def test_seven_of_eight_kinds_are_found_where_expected(comparison):
    kinds = {item["kind"] for item in EXPECTED["differences"] if found(comparison, item)}
    assert {item["kind"] for item in EXPECTED["differences"]} == set(KINDS)
    assert len(kinds) >= 7, f"not found: {sorted(set(KINDS) - kinds)}"


@pytest.mark.parametrize("pair", EXPECTED["nothing_to_find"], ids="-".join)
def test_neutral_rewrite_has_nothing_to_find(config, pair):
    result = compare(read_articles([HARBOUR / n for n in pair]), config=config)
    assert [d.reason for d in result.differences] == []
    assert result.notes


def test_boilerplate_is_marked_and_nothing_else(comparison):
    for name, article in zip(STORY, comparison.articles, strict=True):
        assert [s.text for s in article.sentences if s.boilerplate] == EXPECTED["boilerplate"][name]
