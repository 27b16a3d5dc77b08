import re
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256

import pytest
from lxml import html

from toolkit.report.html import render_fragment, render_html


def page(comparison):
    return html.document_fromstring(render_html(comparison))


def texts(nodes):
    return [" ".join(n.text_content().replace("\u2060", "").split()) for n in nodes]


def test_differences_are_cards_in_order(bridge):
    cards = page(bridge).xpath("//section[@id='differences']//article")
    assert [c.get("id") for c in cards] == ["d1", "d2", "d3"]
    assert [texts(c.xpath(".//*[starts-with(@class, 'badge')]")) for c in cards] == [
        ["naming"],
        ["figure"],
        ["omission"],
    ]
    assert texts(cards[0].xpath(".//mark")) == ["a brief pause", "a precaution", "a failure"]
    assert texts(cards[0].xpath(".//dt")) == ["State Agency", "Wire", "Regional Paper"]
    assert "strength: changes what a reader would believe · confidence: 81 %" in cards[0].text_content()
    assert texts(cards[2].xpath(".//dd[@class='soft']")) == [
        "makes the point without this part (confidence 70 %); nearest: "
        "The works will finish in six days. in the article",
        "came out before any report that tells it (confidence 100 %)",
    ]


def test_points_show_whole_sentences_with_marks(bridge):
    tree = page(bridge)
    (card,) = tree.xpath("//article[@id='p3']")
    assert texts(card.xpath(".//mark")) == ["six days", "a week"]
    assert texts(card.xpath(".//dd")) == [
        "The works will finish in six daysd2. in the article",
        "The works could last a weekd2, two engineers said. in the article",
    ]
    assert "no counterpart found in Regional Paper" in card.text_content()
    assert texts(tree.xpath("//section[@id='alone']//li")) == ["Farmers said nobody had warned them.d3 in the article"]


def test_notes_of_summaries_run_through_the_report(bridge):
    notes = page(bridge).xpath("//section[@id='summaries']//sup/a")
    assert [(n.text, n.get("href")) for n in notes] == [("1", "#a1-s0"), ("2", "#a2-s0"), ("3", "#a3-s0")]


def test_coverage_is_a_real_table(bridge):
    (table,) = page(bridge).xpath("//section[@id='coverage']//table")
    assert texts(table.xpath(".//th[@scope='col']")) == ["Point", "State Agency", "Wire", "Regional Paper"]
    assert len(table.xpath(".//th[@scope='row']")) == 4
    assert texts(table.xpath(".//tbody/tr[3]/td")) == ["yes", "yes", "no"]


def test_boilerplate_is_labelled(bridge):
    lines = page(bridge).xpath("//section[@id='articles']//*[@class='s boilerplate']")
    assert texts(lines) == ["boilerplate Sign up for our morning letter."]


def test_sentences_side_by_side_know_their_points(bridge):
    columns = page(bridge).xpath("//*[@class='column']")
    assert [c.get("aria-label") for c in columns] == ["State Agency", "Wire", "Regional Paper"]
    assert [c.xpath(".//*[@data-p]/@data-p") for c in columns] == [["p1", "p2", "p3"]] * 2 + [["p1", "p2"]]
    assert texts(columns[1].xpath(".//*[@class='tie']")) == ["⇄2", "⇄2", "⇄1"]


def test_marks_have_the_look_of_their_kind(bridge):
    tree = page(bridge)
    marks = {(m.get("class"), m.get("data-d")) for m in tree.xpath("//*[@class='column']//mark")}
    assert marks == {("k-naming", "d1"), ("k-figure", "d2"), ("k-omission", "d3")}
    lines = re.findall(r"\.k-([a-z]+) [^}]*?text-decoration(?:-style|-thickness|-line)?: ([^;]+);", render_html(bridge))
    assert len({line for _, line in lines}) == 7  # naming has the plain line of every mark


def test_a_difference_carries_what_filters_and_citations_need(bridge):
    first, second, third = page(bridge).xpath("//section[@id='differences']//article")
    assert dict(first.attrib) | {"data-kind": "naming", "data-level": "3", "data-sure": "81"} == dict(first.attrib)
    assert [c.get("data-places") for c in (first, second, third)] == ["a1 a2 a3", "a1 a2", "a3 a1 a2"]
    citation = second.xpath(".//button/@data-citation")[0]
    assert citation.startswith("State Agency “Calm at the bridge”: “six days” [characters ")
    assert "Wire “Bridge shut” (https://wire.example/bridge?a=1&b=2): “a week” [characters " in citation
    assert citation.endswith(". Figure, confidence 66 % (samestory 0.1.0, d2).")
    for side in bridge.differences[1].sides:
        assert f"“{side.text}” [characters {side.start}–{side.end}]" in citation
    assert "Not told by State Agency: makes the point without this part." in third.xpath(".//button/@data-citation")[0]


def test_the_only_script_is_ours_by_its_hash(bridge, hostile):
    scripts = set()
    for story in (bridge, hostile):
        text = render_html(story)
        (script,) = re.findall(r"<script>(.*?)</script>", text, re.S)
        digest = b64encode(sha256(script.encode()).digest()).decode()
        (policy,) = html.document_fromstring(text).xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        assert f"script-src 'sha256-{digest}'" in policy
        assert policy.startswith("default-src 'none';")
        scripts.add(script)
    assert len(scripts) == 1
    assert "<script" not in render_fragment(bridge)


@pytest.mark.parametrize("render", [render_html, render_fragment])
@pytest.mark.parametrize("story", ["bridge", "hostile", "twins"])
def test_nothing_is_loaded_and_links_hold(request, story, render):
    text = render(request.getfixturevalue(story))
    tree = html.fromstring(text)
    assert not tree.xpath("//*[@src or @srcset or @background or @poster or @data]")
    assert not tree.xpath("//script[@src] | //link | //iframe | //object | //img | //base | //form[@action]")
    assert not re.search(r"url\((?!#)|@import|fetch\(|XMLHttpRequest|import\(|sendBeacon", text)
    assert not tree.xpath("//@*[starts-with(name(), 'on')]")
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    for href in tree.xpath("//a/@href"):
        assert href.startswith("https://wire.example/") or href.removeprefix("#") in ids


def test_hostile_text_is_escaped(hostile):
    text = re.sub(r"<script>//.*?</script>", "", render_html(hostile), flags=re.S)  # our own
    assert "<script" not in text
    assert "<img" not in text
    assert "javascript:" not in text
    assert not {"\x00", "\x1b", "\u202e"} & set(text)
    assert "&lt;script&gt;alert(&#34;x&#34;)&lt;/script&gt;" in text
    assert "⟦U+202E⟧evil⟦U+0000⟧" in text
    assert "not borne out by the article: support “" in text


def test_address_is_a_link_with_its_query(bridge):
    assert page(bridge).xpath("//header//a[@rel]/@href") == ["https://wire.example/bridge?a=1&b=2"]


def test_nothing_found_is_said_once(twins):
    said = replace(twins, notes=(*twins.notes, "No meaningful difference was found."))
    assert render_html(said).count("No meaningful difference") == 1
    assert "These two reports are identical." in render_html(twins)


def test_a_dozen_outlets_have_a_column_each(stories):
    documents = [stories.document(stories.WIRE, id=f"i{n}", outlet=f"Outlet {n}") for n in range(12)]
    tree = page(stories.assemble(documents, [stories.point("p1", *((d, 0) for d in documents))]))
    assert len(tree.xpath("//section[@id='coverage']//th[@scope='col']")) == 13
    assert "told by 12 of 12" in tree.text_content()


def test_page_is_for_phones_print_and_the_dark(bridge):
    text = render_html(bridge)
    assert text.startswith("<!doctype html>")
    for needed in ("width=device-width", "@media print", "prefers-color-scheme: dark", "evidence, never a verdict"):
        assert needed.lower() in text.lower()
    assert text == render_html(bridge)


def test_fragment_is_scoped(bridge, twins):
    text = render_fragment(bridge)
    assert "<html" not in text
    assert "<body" not in text
    style = re.search(r"<style>(.*?)</style>", text, re.S)[1]
    rules = [r.strip() for r in re.findall(r"^\s*([^@\s}][^{};]*)\{", style, re.M)]
    assert rules
    assert all(part.strip().startswith(".samestory") for rule in rules for part in rule.split(","))
    both = html.fromstring(f"<div>{text}{render_fragment(twins)}</div>").xpath("//@id")
    assert len(both) == len(set(both))
    assert bridge._repr_html_() == text


def test_plots_stand_beside_their_tables_as_pictures_with_words(bridge):
    tree = page(bridge)
    pictures = tree.xpath("//figure//*[@role='img']")
    assert len(pictures) == 5
    for picture in pictures:
        (drawing,) = picture.xpath("./svg")
        assert drawing.get("viewbox")
        title = picture.get("aria-label")
        assert title in picture.xpath("ancestor::figure/figcaption")[0].text_content()
    assert [f.get("id") for f in tree.xpath("//section[@id='coverage']/figure")] == ["plot-alignment", "plot-coverage"]
