"""Plots of runs, from the frames that `eval.show.load_run` gives."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from toolkit.errors import OutputError

if TYPE_CHECKING:
    import altair as alt
    import pandas as pd


def interval_chart(scores: "pd.DataFrame", task: str, *, metric: str = "") -> "alt.LayerChart":
    """Each system's value and 95 % interval on one metric of a task; the main one if none is named."""
    import altair as alt

    part = scores[(scores["task"] == task) & (scores["status"] == "scored")]
    part = part[part["metric"] == metric] if metric else part[part["main"]]
    if part.empty:
        raise ValueError(f"no scores of {metric or 'the main metric'!r} for task {task!r}")
    name = str(part["metric"].iloc[0])
    several = len(set(part["run"])) > 1
    part = part.assign(label=part["run"] + " " + part["system"] if several else part["system"])
    base = alt.Chart(part[["label", "value", "low", "high"]], title=f"{task}: {name}", width=480)
    y = alt.Y("label:N", title=None, sort=None, axis=alt.Axis(labelLimit=300))
    span = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title=name).scale(zero=False), x2="high:Q", y=y)
    chart: alt.LayerChart = span + base.mark_point(filled=True, size=60).encode(x="value:Q", y=y)
    return chart


def difference_chart(tests: "pd.DataFrame", task: str) -> "alt.LayerChart":
    """Each pair of systems on a task: the difference with its 95 % interval, and where zero is."""
    import altair as alt

    part = tests[tests["task"] == task]
    part = part.assign(pair=part["a"] + " − " + part["b"])[["pair", "difference", "low", "high"]]
    base = alt.Chart(part, title=f"{task}: differences", width=480)
    y = alt.Y("pair:N", title=None, sort=None, axis=alt.Axis(labelLimit=400))
    span = base.mark_rule(strokeWidth=2).encode(x=alt.X("low:Q", title="difference"), x2="high:Q", y=y)
    zero = base.mark_rule(strokeDash=[4, 4]).encode(x=alt.datum(0))
    chart: alt.LayerChart = span + base.mark_point(filled=True, size=60).encode(x="difference:Q", y=y) + zero
    return chart


def unit_chart(units: "pd.DataFrame", task: str, metric: str) -> "alt.Chart":
    """Each unit's value, a row a system: where the differences between systems come from."""
    import altair as alt

    part = units[(units["task"] == task) & (units["metric"] == metric)][["system", "unit", "value"]]
    chart: alt.Chart = (
        alt.Chart(part, title=f"{task}: {metric} by unit", width=480)
        .mark_tick(thickness=2, opacity=0.6)
        .encode(x=alt.X("value:Q", title=metric), y=alt.Y("system:N", title=None, sort=None), tooltip=["unit", "value"])
    )
    return chart


def reliability_chart(probabilities: Sequence[float], *, truths: Sequence[bool], bins: int = 5) -> "alt.LayerChart":
    """Of what is said with a probability, the share that is so; points on the diagonal are calibrated.

    Args:
        probabilities: In [0, 1], one a case.
        truths: Whether the case is so, one a case.
        bins: How many of equal width; empty ones are left out, and n stands beside each point.

    Raises:
        ValueError: If the two are not of one length, or empty.
    """
    import altair as alt
    import pandas as pd
    from scipy.stats import binomtest

    if not probabilities or len(probabilities) != len(truths):
        raise ValueError(f"one truth a probability is needed; got {len(probabilities)} and {len(truths)}")
    cases = pd.DataFrame({"said": list(probabilities), "so": [bool(t) for t in truths]})
    cases["bin"] = (cases["said"] * bins).astype(int).clip(upper=bins - 1)
    rows = []
    for _, part in cases.groupby("bin"):
        span = binomtest(int(part["so"].sum()), len(part)).proportion_ci(method="wilson")
        rows.append({"said": part["said"].mean(), "share": part["so"].mean(), "low": span.low, "high": span.high,
                     "n": f"n {len(part)}"})  # fmt: skip
    scale = alt.Scale(domain=[0, 1])
    title = f"Reliability: {len(cases)} cases, 95 % intervals (Wilson)"
    base = alt.Chart(pd.DataFrame(rows), title=title, width=320, height=320)
    x = alt.X("said:Q", scale=scale, title="mean probability said")
    ideal = alt.Chart(pd.DataFrame({"at": [0, 1]})).mark_line(strokeDash=[4, 4], color="grey")
    chart: alt.LayerChart = (
        ideal.encode(x="at:Q", y="at:Q")
        + base.mark_rule(strokeWidth=2).encode(
            x=x, y=alt.Y("low:Q", scale=scale, title="share that is so"), y2="high:Q"
        )
        + base.mark_point(filled=True, size=70, opacity=1).encode(x=x, y="share:Q")
        + base.mark_text(align="left", dx=8, dy=10).encode(x=x, y="share:Q", text="n:N")
    )
    return chart


def to_svg(chart: "alt.LayerChart | alt.Chart") -> str:
    """The chart as SVG text, drawn here: nothing is fetched to look at it.

    Raises:
        OutputError: If the package that draws is not installed.
    """
    try:
        import vl_convert
    except ImportError as error:
        raise OutputError("plots in HTML need vl-convert-python: pip install vl-convert-python") from error
    return str(vl_convert.vegalite_to_svg(chart.to_json()))
