"""The plots drawn with altair: one function a chart, from the plain rows of `charts`."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from toolkit.report.charts import (
    STATUSES,
    AlignmentChart,
    Band,
    CoverageChart,
    KindCount,
    ToneInterval,
    VoiceShare,
)

if TYPE_CHECKING:
    import altair as alt

INK: Final = "#1b1f24"  # text and axes; `svg` lets the page choose
GRID: Final = "#d3d8de"
PAPER: Final = "#ffffff"
# Of Okabe and Ito's palette, which colour-blind readers tell apart: blue, vermilion, grey beside it.
BLUE: Final = "#0072b2"
ORANGE: Final = "#d55e00"
GREY: Final = "#8a929c"
FONT: Final = "Arial, Liberation Sans, Helvetica, sans-serif"
WIDE: Final = 4  # with more reports than this, their names stand aslant over the columns
VOICE_WORDS: Final = {
    "named": "named",
    "role": "by role",
    "anonymous": "anonymous",
    "document": "document",
    "unnamed": "nobody named",
}
EDGE: Final = 0.03  # of a column's distance: half the gap between a column of sentences and its bands
HALF: Final = 0.09  # half the width of a column of sentences


def coverage(chart: CoverageChart) -> "alt.TopLevelMixin":
    """A row a shared point, a column a report; a square where it is told, with its number of differences there."""
    import altair as alt

    if not chart.cells:
        return sentence("No point is told by more than one report, so there is no coverage to show.")
    few = len(chart.outlets) <= WIDE
    columns = alt.Scale(domain=list(chart.outlets))
    base = alt.Chart(_named("cells")).encode(
        x=alt.X("outlet:N", sort=None, title=None, scale=columns, axis=_names_above(few=few)),
        y=alt.Y("label:N", sort=None, title=None, axis=alt.Axis(labelLimit=0, ticks=False, domain=False, grid=True)),
        tooltip=[_tip("name", "report"), _tip("title", "point"), _tip("told"), _tip("differences", form="Q")],
    )
    told = base.transform_filter("datum.told").mark_point(shape="square", size=330, filled=True, color=BLUE, opacity=1)
    untold = base.transform_filter("!datum.told").mark_point(
        shape="circle", size=12, filled=True, color=GREY, opacity=1
    )
    number = base.transform_filter("datum.differences > 0").mark_text(color=PAPER, fontWeight="bold", fontSize=11)
    cells = alt.layer(told, untold, number.encode(text="differences:Q")).properties(
        width=alt.Step(136 if few else 30), height=alt.Step(21)
    )
    alone = "; ".join(f"{o} {n}" for o, n in zip(chart.outlets, chart.alone, strict=True))
    some = "" if chart.shown == chart.shared else f", the {chart.shown} that most reports tell"
    return _finished(
        cells,
        data={"cells": [asdict(c) for c in chart.cells]},
        title=f"Which report tells what: {_points(chart.shared)}{some}, {len(chart.outlets)} reports",
        key=[
            "Square: told, with the number of differences the report is a side of there. Dot: not told.",
            *_lines(f"Points told by one report alone: {alone}"),
        ],
    )


def differences(rows: Sequence[KindCount], total: int) -> "alt.TopLevelMixin":
    """A row a report, a column a kind; bars with their counts. `total` is the number of differences of the story."""
    if not rows:
        return sentence("No meaningful difference was found between these reports.")
    values = [{**asdict(r), "column": r.kind, "value": r.count, "text": str(r.count)} for r in rows]
    tips = (_tip("name", "report"), _tip("kind"), _tip("count", form="Q"))
    return _finished(
        _bars(values, tips),
        data={"rows": values},
        title=f"Differences that each report is a side of, by kind (counts; {total} in all)",
        key=["A count of one story, found by a program: no score of an outlet."],
    )


def voices(rows: Sequence[VoiceShare]) -> "alt.TopLevelMixin":
    """A row a report, a column a kind of voice; bars with the share of the report's characters."""
    if not rows:
        return sentence("No report attributes anything to a source that was found.")
    sums: dict[str, float] = {}
    for r in rows:
        sums[r.outlet] = sums.get(r.outlet, 0.0) + r.share
    values: list[dict[str, Any]] = [
        {"outlet": r.outlet, "name": r.name, "kind": "all sources", "column": "all sources",
         "value": sums[r.outlet], "text": _percent(sums[r.outlet]), "attributions": 0, "voices": ""}
        for r in {r.outlet: r for r in rows}.values()
    ]  # fmt: skip
    for v in values:
        v["attributions"] = sum(r.attributions for r in rows if r.outlet == v["outlet"])
    for r in rows:
        more = {"column": VOICE_WORDS[r.kind], "value": r.share, "text": _percent(r.share)}
        values.append({**asdict(r), **more})
    tips = (
        *(_tip("name", "report"), _tip("column", "voices"), _tip("value", "share", form="Q", style=".1%")),
        *(_tip("attributions", form="Q"), _tip("voices", "who")),
    )
    return _finished(
        _bars(values, tips),
        data={"rows": values},
        title="Who is heard: share of each report's characters attributed to a source",
        key=["The rest a report says in its own voice. Found by a program, over the whole of each report."],
    )


def tones(rows: Sequence[ToneInterval], outlets: Sequence[str]) -> "alt.TopLevelMixin":
    """A row a report of `outlets`, a column an actor; the mean light with its 95 % interval over sentences."""
    import altair as alt

    if not rows:
        return sentence("No person, group or place is named by more than one report.")
    values = [{**asdict(r), "settled": r.settled, "n": f"n {r.sentences}"} for r in rows]
    axis = alt.Axis(
        values=[-1, 0, 1],
        labelOverlap=False,
        labelExpr="datum.value < 0 ? '−1' : datum.value > 0 ? '+1' : '0'",
        title=None,
    )
    base = alt.Chart().encode(
        y=alt.Y("outlet:N", sort=None, title=None, scale=alt.Scale(domain=list(outlets)), axis=_names_left()),
        tooltip=[
            *(_tip("name", "report"), _tip("full", "actor"), _tip("mean", form="Q"), _tip("low", form="Q")),
            *(_tip("high", form="Q"), _tip("sentences", form="Q")),
        ],
    )
    x = alt.X("low:Q", scale=alt.Scale(domain=[-1, 1], nice=False), axis=axis)
    zero = alt.Chart().mark_rule(color=INK, strokeDash=[2, 3], strokeWidth=1).encode(x=alt.datum(0))
    span = base.mark_rule(strokeWidth=2, color=GREY).encode(x=x, x2="high:Q")
    mean = base.mark_point(size=64, color=BLUE, strokeWidth=2, opacity=1).encode(x="mean:Q")
    number = base.mark_text(align="left", dx=5, color=INK).encode(x=alt.datum(1), text="n:N")
    cells = alt.layer(
        zero,
        span,
        mean.transform_filter("!datum.settled").mark_point(
            size=64, filled=True, color=PAPER, stroke=BLUE, strokeWidth=2, opacity=1
        ),
        mean.transform_filter("datum.settled").mark_point(
            size=70, filled=True, shape="diamond", color=ORANGE, strokeWidth=2, opacity=1
        ),
        number,
        data=_named("rows"),
    ).properties(width=66, height=alt.Step(26))
    columns = list({r.actor: None for r in rows})
    return _finished(
        cells.facet(column=_column("actor", columns), spacing=38),
        data={"rows": values},
        title="In how good a light each report puts whom: mean over the n sentences that name it",
        key=[
            "−1 bad, 0 neutral, +1 good. The line is the 95 % interval over sentences.",
            "Diamond: the interval leaves out zero. Ring: it does not, so the light may be neutral.",
        ],
    )


def alignment(chart: AlignmentChart) -> "alt.TopLevelMixin":
    """A column a report, its sentences from the top; bands join what makes the same point."""
    import altair as alt

    if not chart.cells:
        return sentence("These reports have no sentence to align.")
    longest = max(c.sentence for c in chart.cells)
    n = len(chart.outlets)
    y = alt.Scale(domain=[0, longest], reverse=True, nice=False, zero=False)
    x = alt.Scale(domain=[-0.36, n - 0.64], nice=False, zero=False)
    at = alt.X("x:Q", scale=x, axis=None)
    down = alt.Y("top:Q", scale=y, title="sentences, from the top",
                 axis=alt.Axis(tickMinStep=1, values=[*range(0, longest, 5), longest], grid=False))  # fmt: skip
    cells = alt.Chart(_named("cells")).mark_rect(strokeWidth=1.2, opacity=1).encode(
        x=alt.X("left:Q", scale=x, axis=None), x2="right:Q", y=down, y2="bottom:Q",
        fill=alt.Fill("status:N", legend=None, scale=alt.Scale(domain=list(STATUSES), range=[BLUE, PAPER, PAPER])),
        stroke=alt.Stroke("status:N", legend=None, scale=alt.Scale(domain=list(STATUSES), range=[BLUE, BLUE, GRID])),
        tooltip=[_tip("name", "report"), _tip("sentence", form="Q"), _tip("status"), _tip("text")],
    )  # fmt: skip
    names = alt.Chart(_named("names")).mark_text(
        color=INK, fontSize=12, fontWeight="bold", clip=False,
        **({"dy": -12} if n <= WIDE else {"angle": 325, "align": "left", "dy": -8, "dx": 2}),
    ).encode(x=at, y=alt.value(0), text="name:N")  # fmt: skip
    bands = [_bands(differs=d, smooth=n <= WIDE, at=at, down=down) for d in (False, True)]
    ribbon = alt.layer(*bands, cells, names).properties(
        width=210 * n if n <= WIDE else max(640, 66 * n), height=max(140, min(18 * longest, 620))
    )
    shared, differing = len({b.point for b in chart.bands}), len({b.point for b in chart.bands if b.differs})
    boxes = [{**asdict(c), "left": c.column - HALF, "right": c.column + HALF, "top": c.sentence - 0.92,
              "bottom": c.sentence - 0.08} for c in chart.cells]  # fmt: skip
    return _finished(
        ribbon,
        data={
            "cells": boxes,
            "names": [{"x": k, "name": name} for k, name in enumerate(chart.outlets)],
            "alike": _corners(b for b in chart.bands if not b.differs),
            "apart": _corners(b for b in chart.bands if b.differs),
        },
        title=f"How {n} reports go together: {_points(shared)}, at {differing} of them a difference",
        key=[
            "A cell is a sentence. Filled: others tell it too. Hollow: this one alone. Faint: not part of the report.",
            "A band joins what makes the same point. Grey: no difference shown. Orange with an edge: a difference.",
        ],
    )


def sentence(text: str) -> "alt.TopLevelMixin":
    """A chart of one plain sentence, where there is nothing to draw."""
    import altair as alt

    chart = alt.Chart(_named("rows")).mark_text(align="left", fontSize=13, color=INK, x=0).encode(text="text:N")
    return _finished(chart.properties(width=620, height=30), data={"rows": [{"text": text}]}, title="", key=[])


def _bands(*, differs: bool, smooth: bool, at: "alt.X", down: "alt.Y") -> "alt.Chart":
    import altair as alt

    look: dict[str, Any] = {"fill": ORANGE, "fillOpacity": 0.45, "stroke": ORANGE, "strokeWidth": 1}
    plain: dict[str, Any] = {"fill": GREY, "fillOpacity": 0.38}
    area: alt.Chart = (
        alt.Chart(_named("apart" if differs else "alike"))
        .mark_area(interpolate="monotone" if smooth else "linear", opacity=1, **(look if differs else plain))
        .encode(x=at, y=down, y2="bottom:Q", detail="band:N", tooltip=[_tip("point"), _tip("title", "what is told")])
    )
    return area


def _corners(bands: Iterable[Band]) -> list[dict[str, Any]]:
    """Four rows a band: where it begins, bends twice, and ends."""
    return [
        {"band": str(n), "point": b.point, "title": b.title, "x": round(x, 3), "top": top, "bottom": bottom}
        for n, b in enumerate(bands)
        for x, (top, bottom) in zip(_across(b.columns), (b.left, b.left, b.right, b.right), strict=True)
    ]


def _across(columns: tuple[int, int]) -> tuple[float, float, float, float]:
    """Where a band begins, bends twice, and ends; the bends make an even S between neighbours and columns apart."""
    start, end = columns[0] + HALF + EDGE, columns[1] - HALF - EDGE
    return start, start + 0.12, end - 0.12, end


def _bars(values: Sequence[dict[str, Any]], tips: Sequence["alt.Tooltip"]) -> "alt.FacetChart":
    """Bars with their numbers, a row an outlet and a facet a column; all on one scale."""
    import altair as alt

    columns = list({v["column"]: None for v in values})
    top = max(float(v["value"]) for v in values) or 1.0
    base = alt.Chart().encode(
        x=alt.X("value:Q", axis=None, scale=alt.Scale(domain=[0, top * 1.6], nice=False)),
        y=alt.Y("outlet:N", sort=None, title=None, axis=_names_left()),
        tooltip=list(tips),
    )
    line = alt.Chart().mark_rule(color=GREY).encode(x=alt.XDatum(0, axis=None))
    bar = base.mark_bar(color=BLUE, height=13)
    number = base.mark_text(align="left", dx=4, color=INK).encode(text="text:N")
    cells = alt.layer(bar, line, number, data=_named("rows")).properties(
        width=max(64, min(96, 600 // len(columns))), height=alt.Step(24)
    )
    return cells.facet(column=_column("column", columns), spacing=8)


def _column(field: str, order: Sequence[str]) -> "alt.Column":
    import altair as alt

    header = alt.Header(title=None, labelFontSize=12, labelFontWeight="bold", labelColor=INK, labelAnchor="start")
    return alt.Column(f"{field}:N", sort=list(order), header=header)


def _names_above(*, few: bool) -> "alt.Axis":
    import altair as alt

    if few:
        return alt.Axis(orient="top", ticks=False, domain=False, labelAngle=0, labelLimit=0, labelFontWeight="bold")
    return alt.Axis(
        orient="top", ticks=False, domain=False, labelAngle=-40, labelLimit=0, labelFontWeight="bold", labelAlign="left"
    )


def _names_left() -> "alt.Axis":
    import altair as alt

    return alt.Axis(labelLimit=0, ticks=False, domain=False, labelPadding=6)


def _named(name: str) -> "alt.NamedData":
    """Data that `_finished` brings: altair copies and checks a chart at each step, and rows are many."""
    import altair as alt

    return alt.NamedData(name=name)


def _tip(field: str, title: str = "", *, form: str = "N", style: str = "") -> "alt.Tooltip":
    import altair as alt

    return alt.Tooltip(f"{field}:{form}", title=title or field, format=style or alt.Undefined)


def _points(n: int) -> str:
    return f"{n} shared point{'s' * (n != 1)}"


def _percent(share: float) -> str:
    return "–" if share == 0 else "< 1 %" if share < 0.005 else f"{100 * share:.0f} %"


def _lines(text: str, *, width: int = 110) -> list[str]:
    from textwrap import wrap

    return wrap(text, width, break_long_words=False)


def _finished(
    chart: Any, *, data: dict[str, list[dict[str, Any]]], title: str, key: Sequence[str]
) -> "alt.TopLevelMixin":
    """The chart with its data, its title, the key under it, and sizes and colours that are legible on white paper."""
    import altair as alt

    config = alt.Config(
        font=FONT,
        title=alt.TitleConfig(
            fontSize=15, color=INK, subtitleFontSize=12, subtitleColor=INK, subtitlePadding=5, subtitleLineHeight=16
        ),
        axis=alt.AxisConfig(
            labelFontSize=12, titleFontSize=12, titleFontWeight="normal", labelColor=INK, titleColor=INK,
            gridColor=GRID, domainColor=GREY, tickColor=GREY,
        ),
        text=alt.MarkConfig(fontSize=11, font=FONT),
        view=alt.ViewConfig(stroke=None),
    )  # fmt: skip
    if title:
        head = alt.TitleParams(title, subtitle=list(key), anchor="start", frame="bounds", offset=14)
        chart = chart.properties(title=head)
    done: alt.TopLevelMixin = chart.properties(background=PAPER, padding=12, config=config)
    done["datasets"] = data  # type: ignore[index]  # not through `properties`, which would check each row for long
    return done
