"""The annotations against the rules of the Web Annotation Data Model (its sections 3 to 5), as far as they use it."""

import json
from dataclasses import replace
from uuid import UUID

import pytest

MOTIVATIONS = {
    *("assessing", "bookmarking", "classifying", "commenting", "describing", "editing", "highlighting"),
    *("identifying", "linking", "moderating", "questioning", "replying", "tagging"),
}
BODY = {"type", "purpose", "value", "format", "language", "source", "selector"}


@pytest.fixture
def load():
    return lambda comparison: json.loads(comparison.to_annotations())


def iri(text):
    assert text.startswith(("urn:uuid:", "http://", "https://"))
    assert text.isascii()
    assert not set(text) & set(' <>"{}|\\^`')
    if text.startswith("urn:uuid:"):
        assert UUID(text.removeprefix("urn:uuid:")).version == 5
    return text


def specific(resource):
    """A SpecificResource: one source, selectors of known types that are well formed."""
    assert resource["type"] == "SpecificResource"
    iri(resource["source"])
    quote, position = resource["selector"]
    assert quote.keys() == {"type", "exact", "prefix", "suffix"}
    assert quote["type"] == "TextQuoteSelector"
    assert position.keys() == {"type", "start", "end"}
    assert position["type"] == "TextPositionSelector"
    assert all(isinstance(position[k], int) for k in ("start", "end"))
    assert 0 <= position["start"] < position["end"]
    return quote, position


def body(resource):
    assert resource.keys() <= BODY
    assert resource["purpose"] in MOTIVATIONS
    if resource["type"] == "TextualBody":
        assert isinstance(resource["value"], str)
        assert "/" in resource["format"]
    else:
        specific(resource)


def annotation(item):
    assert item.keys() == {"id", "type", "motivation", "generator", "body", "target"}
    assert item["type"] == "Annotation"
    assert {*item["motivation"]} <= MOTIVATIONS
    assert item["generator"]["type"] == "Software"
    assert {b["purpose"] for b in item["body"]} == {*item["motivation"]}
    for part in item["body"]:
        body(part)
    specific(item["target"])
    return iri(item["id"])


@pytest.mark.parametrize("name", ["bridge", "hostile", "twins"])
def test_a_collection_of_one_page_by_the_rules_of_the_model(stories, load, name):
    comparison = getattr(stories, name)()
    collection = load(comparison)
    assert collection.keys() == {"@context", "id", "type", "label", "total", "first", "last"}
    assert collection["@context"] == "http://www.w3.org/ns/anno.jsonld"
    assert collection["type"] == "AnnotationCollection"
    page = collection["first"]
    assert page.keys() == {"id", "type", "partOf", "startIndex", "items"}
    assert (page["type"], page["partOf"], page["startIndex"]) == ("AnnotationPage", collection["id"], 0)
    assert collection["last"] == page["id"]
    ids = [annotation(item) for item in page["items"]]
    assert collection["total"] == len(ids) == sum(len(d.sides) for d in comparison.differences)
    assert len({iri(collection["id"]), iri(page["id"]), *ids}) == len(ids) + 2


@pytest.mark.parametrize("name", ["bridge", "hostile"])
def test_selectors_give_the_words(stories, load, name):
    comparison = getattr(stories, name)()
    items = load(comparison)["first"]["items"]
    sides = [s for d in comparison.differences for s in d.sides]
    for item, side in zip(items, sides, strict=True):
        quote, position = specific(item["target"])
        text = comparison.article(side.article).text
        assert text[position["start"] : position["end"]] == quote["exact"] == side.text
        around = quote["prefix"] + quote["exact"] + quote["suffix"]
        assert text.count(around) == 1
        assert text.index(around) + len(quote["prefix"]) == side.start


def test_positions_are_code_points(stories, load):
    one = stories.document(("😀😀 cracks and 𝒙 found.",), id="one", outlet="One")
    two = stories.document(("Faults found.",), id="two", outlet="Two")
    sides = (stories.span(one, 0, "cracks and 𝒙"), stories.span(two, 0, "Faults"))
    found = stories.Difference("d1", "wording", "p1", sides, (), 1, 0.5, "Why.")
    made = stories.assemble((one, two), (stories.point("p1", (one, 0), (two, 0)),), (found,))
    quote, position = specific(load(made)["first"]["items"][0]["target"])
    assert (position["start"], position["end"], quote["prefix"]) == (3, 15, "😀😀 ")


def test_each_side_links_to_the_others(bridge, load):
    items = load(bridge)["first"]["items"]
    exact = [
        (
            i["target"]["selector"][0]["exact"],
            [b["selector"][0]["exact"] for b in i["body"] if b["purpose"] == "linking"],
        )
        for i in items[:3]
    ]
    words = ("a brief pause", "a precaution", "a failure")
    assert exact == [(w, [o for o in words if o != w]) for w in words]
    assert [b["value"] for b in items[0]["body"] if b["purpose"] == "tagging"] == ["naming"]
    comment = next(b["value"] for b in items[0]["body"] if b["purpose"] == "commenting")
    assert comment.startswith("State Agency: 'a brief pause'; Wire: 'a precaution'. (strength: changes what")


def test_an_omission_says_who_is_silent_and_links_to_the_nearest_sentence(bridge, load):
    item = load(bridge)["first"]["items"][-1]
    assert [b["selector"][0]["exact"] for b in item["body"] if b["purpose"] == "linking"] == [
        "The works will finish in six days."
    ]
    comment = next(b["value"] for b in item["body"] if b["purpose"] == "commenting")
    assert comment.endswith(
        "State Agency: makes the point without this part; Wire: came out before any report that tells it."
    )


def test_the_source_is_the_address_where_there_is_one(bridge, hostile, load):
    sources = [i["target"]["source"] for i in load(bridge)["first"]["items"]]
    assert sources[1] == "https://wire.example/bridge?a=1&b=2"
    assert sources[0].startswith("urn:uuid:")
    assert all(i["target"]["source"].startswith("urn:uuid:") for i in load(hostile)["first"]["items"])


def test_an_address_becomes_a_uri(bridge, load):
    odd = replace(bridge.articles[1], url="https://wire.example/a b?<q>=ü|\u202e#x")
    made = replace(bridge, articles=(bridge.articles[0], odd, bridge.articles[2]))
    source = load(made)["first"]["items"][1]["target"]["source"]
    assert iri(source).startswith("https://wire.example/a%20b?%3Cq%3E=%C3%BC%7C")


def test_the_same_bytes_and_other_names_for_other_texts(bridge, load, tmp_path, stories):
    text = bridge.to_annotations(tmp_path / "a.json")
    assert (tmp_path / "a.json").read_text(encoding="utf-8") == text == stories.bridge().to_annotations()
    assert load(bridge)["id"] != load(stories.hostile())["id"]
