import re
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from toolkit.errors import OutputError
from toolkit.report import charts, draw
from toolkit.report.figures import report_svgs
from toolkit.report.plot import PLOTS
from toolkit.report.svg import svg
from toolkit.types import KINDS, Difference

OUTLETS = (
    "State Agency", "Meridian Wire", "The Courier of the Long Coast and its Many Islands", "Radio Nord", "Le Matin",
    "Harbour Post", "Daily Tide", "Port Gazette", "Northern Star", "Evening Echo", "Free Voice", "Union Herald",
)  # fmt: skip
PAGE = (Path(__file__).parents[2] / "docs" / "plots.md").read_text(encoding="utf-8")
SVG = "{http://www.w3.org/2000/svg}"
SIZE = re.compile(r'^<svg [^>]*viewBox="0 0 (\d+) (\d+)"')


@pytest.fixture
def twelve(stories):
    """Twelve reports of forty sentences, with most points told by nine of them."""
    documents = [
        stories.document(
            [f"Sentence {i} of report {k} is about the bridge." for i in range(40)], id=f"a{k}", outlet=name
        )
        for k, name in enumerate(OUTLETS)
    ]
    points = [
        stories.point(
            f"p{i + 1}", *((d, (i + k * (i % 3)) % 40) for k, d in enumerate(documents) if (i * 7 + k * 5) % 4)
        )
        for i in range(40)
    ]
    by_id = {d.id: d for d in documents}
    differences = []
    for i in range(60):
        told = points[i % 40].sentences
        sides = tuple(by_id[s.article].span(s.start, s.start + 8, sentence=s.index) for s in (told[0], told[1]))
        differences.append(
            Difference(f"d{i + 1}", KINDS[i % 8], points[i % 40].id, sides, (), 2, 0.7, "Said otherwise.")
        )
    whole = stories.assemble(documents, points, differences)
    return stories.with_voices(whole, tuple(d.span(0, 8, sentence=0) for d in documents))


@pytest.fixture
def bare(stories):
    """Two reports that have nothing in common."""
    one, two = (
        stories.document(("One thing.",), id="a", outlet="A"),
        stories.document(("Another.",), id="b", outlet="B"),
    )
    return stories.assemble((one, two), (stories.point("p1", (one, 0)), stories.point("p2", (two, 0))))


def drawn(comparison):
    return {name: getattr(comparison.plot, name)() for name in PLOTS}


def words(picture):
    return [" ".join("".join(t.itertext()).split()) for t in etree.fromstring(picture).iter(f"{SVG}text")]


def test_coverage_rows(bridge):
    chart = charts.coverage_chart(bridge)
    assert (chart.outlets, chart.alone, chart.shared, chart.shown) == (
        ("State Agency", "Wire", "Regional Paper"), (0, 0, 1), 3, 3,
    )  # fmt: skip
    assert [(c.point, c.outlet, c.told, c.differences) for c in chart.cells if c.point == "p3"] == [
        ("p3", "State Agency", True, 1),
        ("p3", "Wire", True, 1),
        ("p3", "Regional Paper", False, 0),
    ]


def test_coverage_keeps_the_points_that_most_tell(stories):
    one, two, three = (stories.document([f"{n} {i}." for i in range(60)], id=n, outlet=n) for n in ("x", "y", "z"))
    points = [stories.point(f"p{i + 1}", (one, i), (two, i), *(((three, i),) if i >= 30 else ())) for i in range(60)]
    chart = charts.coverage_chart(stories.assemble((one, two, three), points))
    assert (chart.shared, chart.shown) == (60, charts.COVERED)
    kept = list(dict.fromkeys(c.point for c in chart.cells))
    assert kept == [*(f"p{i}" for i in range(1, 11)), *(f"p{i}" for i in range(31, 61))]  # still in story order
    assert "60 shared points, the 40 that most reports tell" in draw.coverage(chart).title.text


def test_kind_rows_keep_zeros_and_the_order_of_the_kinds(bridge):
    rows = charts.kind_counts(bridge)
    assert [(r.kind, r.outlet, r.count) for r in rows] == [
        ("naming", "State Agency", 1), ("naming", "Wire", 1), ("naming", "Regional Paper", 1),
        ("figure", "State Agency", 1), ("figure", "Wire", 1), ("figure", "Regional Paper", 0),
        ("omission", "State Agency", 0), ("omission", "Wire", 0), ("omission", "Regional Paper", 1),
    ]  # fmt: skip


def test_voice_rows(bridge):
    rows = charts.voice_shares(bridge)
    assert [(r.kind, r.share, r.attributions, r.voices) for r in rows] == [
        ("role", 0.4, 2, "a brief pause"),
        ("role", 0.4, 2, "a precaution"),
        ("role", 0.4, 2, "a failure"),
    ]


def test_tone_rows_say_where_the_interval_leaves_out_zero(bridge):
    rows = charts.tone_intervals(bridge)
    first = rows[0]
    assert (first.actor, first.outlet, first.mean) == ("Marr", "State Agency", 0.5)
    assert (first.low, first.high, first.sentences) == (-0.1, 1.0, 3)
    assert not any(r.settled for r in rows)
    assert replace(first, low=0.1).settled
    assert replace(first, low=-0.9, high=-0.2).settled


def test_tones_keep_every_report_in_its_place(bridge):
    first, *rest = bridge.profiles
    late = replace(bridge, profiles=(replace(first, tones=()), *rest))
    picture = svg(late.plot.tones())
    places = [float(re.search(rf"translate\([^,]*,([\d.]+)\)[^>]*>{d.outlet}<", picture)[1]) for d in late.articles]
    assert places == sorted(places)


def test_alignment_rows(bridge):
    chart = charts.alignment_chart(bridge)
    assert [(c.column, c.sentence, c.status) for c in chart.cells if c.column > 0] == [
        (1, 1, "told by others too"), (1, 2, "told by others too"), (1, 3, "told by others too"),
        (1, 4, "not part of the report"),
        (2, 1, "told by others too"), (2, 2, "told by others too"), (2, 3, "told by this report alone"),
    ]  # fmt: skip
    assert [(b.point, b.columns, b.left, b.right, b.differs) for b in chart.bands] == [
        ("p1", (0, 1), (0.0, 1.0), (0.0, 1.0), False), ("p1", (1, 2), (0.0, 1.0), (0.0, 1.0), False),
        ("p2", (0, 1), (1.0, 2.0), (1.0, 2.0), True), ("p2", (1, 2), (1.0, 2.0), (1.0, 2.0), True),
        ("p3", (0, 1), (2.0, 3.0), (2.0, 3.0), True),
    ]  # fmt: skip


def test_outlets_cut_alike_keep_apart():
    names = ["The Herald of the Long Coast, morning", "The Herald of the Long Coast, evening"]
    labels = charts.labels(names)
    assert len(set(labels.values())) == 2
    assert all(len(label) <= charts.NAME for label in labels.values())


def test_a_long_title_ends_at_a_word():
    assert charts.cut("the ships\nlifted their siege", 19) == "the ships lifted…"
    assert charts.cut("short", 19) == "short"


@pytest.mark.parametrize("story", ["bridge", "twins", "hostile", "twelve", "bare"])
def test_every_chart_is_a_valid_specification(story, request):
    for name, chart in drawn(request.getfixturevalue(story)).items():
        spec = chart.to_dict(validate=True)
        assert spec["$schema"].startswith("https://vega.github.io/schema/vega-lite/"), name
        assert spec["datasets"], name
        assert "url" not in str(spec["datasets"].keys()), name


def test_a_notebook_gets_the_chart_itself(bridge):
    bundle = bridge.plot.coverage()._repr_mimebundle_()
    data = bundle[0] if isinstance(bundle, tuple) else bundle
    assert any("vegalite" in key or key == "text/html" for key in data)


def test_a_notebook_shows_charts_with_nothing_fetched(bridge):
    import altair as alt

    with alt.renderers.enable("svg"):
        assert bridge.plot.coverage()._repr_mimebundle_()["image/svg+xml"].startswith("<svg")


def test_all_plots_are_saved_as_png_and_svg_alike_each_time(bridge, tmp_path):
    for form, first in (("png", b"\x89PNG"), ("svg", b"<svg ")):
        paths = bridge.plot.save(tmp_path / form, form=form)
        again = bridge.plot.save(tmp_path / "again" / form, form=form)
        assert [p.name for p in paths] == [f"{name}.{form}" for name in PLOTS]
        for one, two in zip(paths, again, strict=True):
            assert one.read_bytes().startswith(first)
            assert one.read_bytes() == two.read_bytes(), one


def test_a_png_has_two_pixels_for_each_unit(bridge, tmp_path):
    chart = bridge.plot.differences()
    chart.save(str(tmp_path / "one.svg"))
    tree = etree.fromstring((tmp_path / "one.svg").read_bytes())
    (path,) = [p for p in bridge.plot.save(tmp_path) if p.stem == "differences"]
    wide = int.from_bytes(path.read_bytes()[16:20], "big")
    assert wide == pytest.approx(2 * float(tree.get("width")), abs=2)


def test_what_cannot_be_saved_is_said(bridge, tmp_path):
    with pytest.raises(OutputError, match="'png' or 'svg', not as 'gif'"):
        bridge.plot.save(tmp_path, form="gif")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        bridge.plot.save(tmp_path / "file")
    assert (tmp_path / "file").read_text() == "in the way"


def test_nothing_to_draw_is_a_sentence(bare, twins):
    said = {name: words(svg(chart)) for name, chart in drawn(bare).items() if name != "alignment"}
    assert said == {
        "coverage": ["No point is told by more than one report, so there is no coverage to show."],
        "differences": ["No meaningful difference was found between these reports."],
        "voices": ["No report attributes anything to a source that was found."],
        "tones": ["No person, group or place is named by more than one report."],
    }
    assert [f.name for f in report_svgs(twins)] == ["alignment", "coverage"]


def test_no_sentence_at_all_is_said(bare):
    empty = replace(charts.alignment_chart(bare), cells=(), bands=())
    assert words(svg(draw.alignment(empty))) == ["These reports have no sentence to align."]


def test_figures_stand_in_a_page(bridge):
    figures = report_svgs(bridge)
    assert [f.name for f in figures] == list(PLOTS)
    assert report_svgs(bridge) == figures
    for f in figures:
        tree = etree.fromstring(f.svg)
        assert tree.tag == f"{SVG}svg"
        assert tree.get("viewBox")
        assert f.title
        assert f.caption.endswith((".", "1"))
        assert f.title not in words(f.svg)  # the page says it once, as text
        assert "currentColor" in f.svg
        assert draw.INK not in f.svg


def test_ids_of_figures_never_meet(twelve):
    ids = [x for f in report_svgs(twelve) for x in re.findall(r' id="([^"]+)"', f.svg)]
    assert len(ids) == len(set(ids))
    used = [x for f in report_svgs(twelve) for x in re.findall(r"url\(['\"]?#([^)'\"]+)", f.svg)]
    assert set(used) <= set(ids)


def test_an_id_gets_a_prefix_of_its_chart():
    from toolkit.report.svg import _own_ids

    own = _own_ids('<clipPath id="clip0"><path d="M0"/></clipPath><g clip-path="url(#clip0)"/><text>id="x"</text>')
    (name,) = re.findall(r'<clipPath id="(c[0-9a-f]{8}-clip0)"', own)
    assert f'clip-path="url(#{name})"' in own
    assert '<text>id="x"</text>' in own


def test_text_from_outside_stays_text(hostile, tmp_path):
    figures = report_svgs(hostile)
    assert [f.name for f in figures] == list(PLOTS)
    saved = [p.read_text() for p in hostile.plot.save(tmp_path, form="svg")]
    for picture in (*(f.svg for f in figures), *saved):
        tree = etree.fromstring(picture.encode())
        names = {etree.QName(e).localname for e in tree.iter(etree.Element)}
        assert not names & {"script", "foreignObject", "image", "img", "use", "a", "style"}
        assert not [a for e in tree.iter(etree.Element) for a in e.attrib if a.startswith("on") or "href" in a]
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", picture)
    for f in figures:
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", f.svg)
        assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", f.title + f.caption)
    assert any("script" in word for f in figures for word in words(f.svg))


def test_a_tag_cannot_close_the_script_that_a_notebook_makes(hostile):
    for chart in drawn(hostile).values():
        assert "<script>alert" not in chart.to_json()
        assert "</script" not in chart.to_json()
        assert "<img" not in chart.to_json()


def test_the_python_of_the_page_runs(bridge, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    bridge.to_json("result.json")
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S)
    exec(compile(block, "docs/plots.md", "exec"), {"__name__": "plots"})  # the document's own code is tested
    assert Path("coverage.svg").is_file()
    assert {p.name for p in Path("plots").iterdir()} == {f"{name}.png" for name in PLOTS}


def test_the_page_shows_every_plot():
    for name in PLOTS:
        assert f"| `{name}()` |" in PAGE
        assert f"(pictures/plot-{name}.png)" in PAGE


def test_twelve_reports_fit(twelve):
    figures = report_svgs(twelve)
    assert [f.name for f in figures] == list(PLOTS)
    for f in figures:
        wide, high = map(int, SIZE.match(f.svg).groups())
        assert wide <= 1100, f.name
        assert high <= 1100, f.name
        assert len(f.svg.encode()) < 150_000, f.name
        sizes = {float(x) for x in re.findall(r'font-size="([\d.]+)px"', f.svg)}
        assert min(sizes) >= 11, f.name
        cut = [w for w in words(f.svg) if w.startswith("The Courier")]
        assert cut, f.name
        assert all(len(w) <= charts.NAME for w in cut)
