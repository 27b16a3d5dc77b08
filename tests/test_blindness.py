"""On real reports: who published them, in which group and in what order changes no finding."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from eval.tasks import FrameDiff
from toolkit import CompareConfig, Document, compare
from toolkit.encode import MiniLM
from toolkit.sources import read_articles

SHARED = Path(__file__).parent.parent.parent / "shared"
STORIES = ("seeds", "p04", "p07", "p09")


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return CompareConfig(encoder=MiniLM(cache_dir=str(tmp_path_factory.mktemp("vectors"))))


@pytest.fixture(scope="module")
def stories():
    if not SHARED.exists():
        if os.environ.get("CI"):
            pytest.fail(f"no real reports at {SHARED}")
        pytest.skip(f"no real reports at {SHARED}")
    task = FrameDiff()
    pairs = {i.id: [i.data["a"], i.data["b"]] for i in task.items(task.load(SHARED / "data"))}
    return {
        "seeds": read_articles(sorted((SHARED / "seeds").glob("00*.txt"))),
        **{n: [Document.from_sentences(s) for s in pairs[n]] for n in STORIES[1:]},
    }


def findings(comparison):
    """Everything that is told of the story, articles known by their text."""
    text = {a.id: a.text for a in comparison.articles}
    return {
        (
            d.kind, frozenset((text[s.article], s.start, s.text) for s in d.sides), d.strength, d.confidence,
            frozenset((text[a.article], a.grade, a.confidence, a.nearest and a.nearest.start) for a in d.absences),
        )
        for d in comparison.differences
    }  # fmt: skip


def heard(comparison):
    """Voices and tones of each report."""
    text = {a.id: a.text for a in comparison.articles}
    return {
        text[p.article]: ([(v.name, v.kind, v.share) for v in p.voices], [(t.actor, t.mean) for t in p.tones])
        for p in comparison.profiles
    }


@pytest.mark.parametrize("story", STORIES)
def test_swapped_outlets_groups_and_order_change_nothing(stories, config, story):
    first, second = (replace(a, id="") for a in stories[story])
    one = [replace(first, outlet="Wire", group="state"), replace(second, outlet="Gull", group="private")]
    two = [replace(second, outlet="Wire", group="state"), replace(first, outlet="Gull", group="private")]
    a, b = compare(one, config=config), compare(two, config=config)
    assert findings(a)
    assert findings(a) == findings(b)
    assert heard(a) == heard(b)
