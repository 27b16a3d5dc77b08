"""What people come to a report for, each done in at most four actions (docs/usability.md)."""

import re

import pytest

MOST = 4
LINE = """e => { const s = getComputedStyle(e);
return [s.textDecorationLine, s.textDecorationStyle, s.textDecorationThickness, s.outlineStyle].join(" "); }"""


class Reader:
    """Acts on a page and counts: a click, a key and a text typed into a field are an action each."""

    def __init__(self, page):
        self.page = page
        self.actions = 0

    def click(self, locator):
        self.actions += 1
        locator.click()

    def press(self, key):
        self.actions += 1
        self.page.keyboard.press(key)

    def type(self, label, text):
        self.actions += 1
        self.page.get_by_label(label).fill(text)

    def choose(self, name, outlet):
        self.actions += 1
        self.page.locator(f"[name={name}]").select_option(label=outlet)

    def sees(self, locator):
        """Whether it stands in the window, once the page has come to rest."""
        self.page.wait_for_timeout(100)
        box = locator.bounding_box()
        return box is not None and box["y"] < self.page.viewport_size["height"] and box["y"] + box["height"] > 0


@pytest.fixture
def reader(page, report):
    page.goto(report)
    made = Reader(page)
    yield made
    assert 0 < made.actions <= MOST


def test_find_who_says_siege(reader):
    reader.type("Find words", "siege")
    hits = reader.page.locator(".hits li")
    assert [re.sub(r"\d+", "n", h) for h in hits.all_text_contents() if not h.endswith(": 0")] == [
        "Helm Coast Courier: n"
    ]
    reader.click(hits.get_by_role("button").first)
    assert "siege" in reader.page.locator(".asked").text_content().lower()
    assert reader.sees(reader.page.locator(".asked"))


def test_find_what_only_one_outlet_tells(reader):
    reader.click(reader.page.get_by_role("link", name="Only one tells"))
    assert reader.sees(reader.page.get_by_role("heading", name="What only one tells"))
    assert reader.sees(reader.page.locator("#alone").get_by_text("lost an estimated 14 million crowns"))


def test_check_a_quote_in_its_article(reader, harbour):
    reader.click(reader.page.get_by_role("button", name="only quotation"))
    difference = next(d for d in harbour.differences if d.kind == "quotation")
    reader.click(reader.page.locator(f"#{difference.id}").get_by_role("link", name="in the article").first)
    place = reader.page.locator(":target")
    assert difference.sides[0].text in re.sub(r"\u2060|d\d+ ?", "", place.text_content())
    assert reader.sees(place)


def test_export_a_finding_for_a_paper(open_page, report, harbour):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    page.goto(report)
    reader = Reader(page)
    reader.click(page.locator("#d1").get_by_role("button", name="Copy citation"))
    page.locator("#d1").get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert all(f"“{s.text}”" in copied for s in harbour.differences[0].sides)
    assert reader.actions <= MOST


def test_share_a_link_to_one_difference(reader):
    reader.click(reader.page.get_by_role("link", name="d3", exact=True).first)
    assert reader.page.url.endswith("#d3")


def test_filter_the_figures_between_two_outlets(reader, harbour):
    one, other = harbour.articles[0], harbour.articles[1]
    reader.click(reader.page.get_by_role("button", name="only figure"))
    reader.choose("one", one.outlet)
    reader.choose("other", other.outlet)
    wanted = [
        d.id for d in harbour.differences
        if d.kind == "figure" and {one.id, other.id} <= {*(s.article for s in d.sides), *d.absent}
    ]  # fmt: skip
    assert wanted
    assert [a.text_content() for a in reader.page.locator(".difference:visible .row > a").all()] == wanted


def test_see_who_is_made_to_speak(reader, harbour):
    reader.click(reader.page.get_by_role("link", name="Voices"))
    loudest = harbour.profiles[0].voices[0].name
    assert reader.sees(reader.page.locator("#voices").get_by_text(loudest).first)


def test_see_who_calls_it_what(reader):
    reader.click(reader.page.get_by_role("link", name="Who calls it what"))
    row = reader.page.locator("#names").get_by_role("row", name="siege")
    assert reader.sees(row)


def test_see_what_a_summary_rests_on(reader, harbour):
    reader.click(reader.page.locator("a.evidence").first)
    assert harbour.summaries[0].sentences[0].evidence[0].text in reader.page.locator(".panel").text_content()


def test_read_the_other_reports_on_a_point_with_the_keyboard(reader):
    reader.page.locator("#a1").focus()  # where reading has come to
    while reader.page.locator(".asked").count() == 0 and reader.actions < MOST:
        reader.press("Tab")
    reader.press("Enter")
    panel = reader.page.get_by_role("region", name="The same point in the other reports")
    assert panel.locator("dd").count() >= 1


def test_read_the_other_reports_on_a_point_on_a_phone(open_page, report):
    page = open_page(viewport={"width": 375, "height": 720}, has_touch=True, is_mobile=True)
    page.goto(report)
    page.locator("nav.parts").get_by_role("link", name="Side by side").tap()
    page.locator("#a1 .tie").first.tap()
    assert page.get_by_role("region", name="The same point in the other reports").locator("dd").count() >= 1


def test_tell_the_kinds_apart_on_paper(reader):
    reader.actions += 1  # the browser's own "print"
    reader.page.emulate_media(media="print")
    looks = [mark.evaluate(LINE) for mark in reader.page.locator(".filters mark").all()]
    assert len(looks) == len(set(looks)) == 8
