"""What a reader must be shown on the two seed reports; skipped where they are not at hand."""

import os
from pathlib import Path

import pytest

from toolkit import CompareConfig, compare
from toolkit.encode import MiniLM
from toolkit.sources import read_articles

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"


@pytest.fixture(scope="module")
def comparison(tmp_path_factory):
    files = sorted(SEEDS.glob("00*.txt"))
    if len(files) != 2:
        if os.environ.get("CI"):
            pytest.fail(f"no seeds at {SEEDS}")
        pytest.skip(f"no seeds at {SEEDS}")
    config = CompareConfig(encoder=MiniLM(cache_dir=str(tmp_path_factory.mktemp("vectors"))))
    return compare(read_articles(files), config=config)


def texts(comparison, kind):
    """The sides of each difference of a kind, first report first."""
    return [tuple(s.text for s in d.sides) for d in comparison.differences if d.kind == kind]


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("quotation", "new era", "new era of friendship"),
        ("certainty", "would violate", "could defy"),
        ("naming", "invasion", "conflict"),
        ("figure", "weeklong", "six-day"),
    ],
)
def test_both_sides_are_shown(comparison, kind, first, second):
    found = texts(comparison, kind)
    assert any(len(sides) == 2 and first in sides[0] and second in sides[1] for sides in found), found


@pytest.mark.parametrize(
    ("teller", "words"), [(1, "no agreements have been or will be signed"), (0, "pledged to ensure consequences")]
)
def test_what_one_does_not_tell_is_shown(comparison, teller, words):
    ids = [a.id for a in comparison.articles]
    told = [d for d in comparison.differences if d.kind == "omission" and d.sides[0].article == ids[teller]]
    assert any(words in d.sides[0].text and d.absent == (ids[1 - teller],) for d in told), [
        d.sides[0].text for d in told
    ]


def test_boilerplate_is_out_and_nothing_else(comparison):
    marked = [s.text for a in comparison.articles for s in a.sentences if s.boilerplate]
    assert len(marked) == 3
    for line, opening in zip(marked, ("To view this video", "tg/rc", "Comments are closed"), strict=True):
        assert line.startswith(opening)
