import json
import re
from pathlib import Path

import pytest
import yaml

from toolkit.types import KINDS

HARBOUR = Path(__file__).parent.parent / "examples" / "harbour"
REPORTS = ("state-agency.txt", "wire.txt", "regional.txt", "wire-rewrite.txt")
EXPECTED = json.loads((HARBOUR / "expected.json").read_text(encoding="utf-8"))


def parts(name: str) -> tuple[dict[str, object], str]:
    _, front, body = (HARBOUR / name).read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), body


def report(name: str) -> str:
    """The body without its boilerplate lines."""
    boilerplate = EXPECTED["boilerplate"][name]
    return "\n".join(line for line in parts(name)[1].splitlines() if line not in boilerplate)


@pytest.mark.parametrize("name", REPORTS)
def test_front_matter_has_what_a_reader_needs(name):
    front, _ = parts(name)
    assert set(front) == {"outlet", "title", "published", "group"}
    assert all(front.values())


@pytest.mark.parametrize("name", REPORTS)
def test_reports_have_15_to_25_sentences(name):
    assert 15 <= len(re.findall(r"[.?!][\"”]?(?:\s|$)", report(name))) <= 25


@pytest.mark.parametrize("name", REPORTS)
def test_boilerplate_lines_stand_in_the_body(name):
    assert EXPECTED["boilerplate"][name]
    assert set(EXPECTED["boilerplate"][name]) <= set(parts(name)[1].splitlines())


@pytest.mark.parametrize("entry", EXPECTED["differences"], ids=lambda e: f"{e['kind']}-{e['spans'][0][:24]}")
def test_expected_spans_are_verbatim_in_the_report(entry):
    (first, second), (a, b) = entry["articles"], entry["spans"]
    assert first != second
    assert a in report(first)
    if entry["kind"] == "omission":
        assert b is None
        assert a.lower() not in report(second).lower()
    else:
        assert b in report(second)
        assert a != b


def test_every_kind_is_placed_and_no_entry_twice():
    entries = EXPECTED["differences"]
    assert {e["kind"] for e in entries} == set(KINDS)
    assert len({json.dumps(e) for e in entries}) == len(entries)


def test_nothing_is_placed_against_the_neutral_rewrite():
    assert EXPECTED["nothing_to_find"] == [["wire.txt", "wire-rewrite.txt"]]
    assert not [e for e in EXPECTED["differences"] if "wire-rewrite.txt" in e["articles"]]


def test_the_rewrite_keeps_the_words_that_could_differ():
    wire, rewrite = report("wire.txt"), report("wire-rewrite.txt")
    assert wire != rewrite
    for pattern in (r"\d[\d,.]*\d|\d", r'"[^"]*"', r"\b(?:could|would|will|should|said|told|criticised|denied)\b"):
        assert sorted(re.findall(pattern, wire)) == sorted(re.findall(pattern, rewrite))


def test_the_square_is_told_by_three_outlets_six_times_in_order_of_time():
    lines = (HARBOUR.parent / "square" / "stories.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    stories = list(dict.fromkeys(r["story"] for r in rows))
    outlets = [{r["outlet"] for r in rows if r["story"] == s} for s in stories]
    assert (len(stories), len(rows)) == (6, 18)
    assert all(len(o) == 3 and o == outlets[0] for o in outlets)
    assert [r["published"] for r in rows] == sorted(r["published"] for r in rows)
    assert all(r["text"].count(". ") >= 4 for r in rows)
