"""The plots of a comparison as figures of a page: a title, a caption in words, and the picture as SVG text."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import altair as alt

    from toolkit.comparison import Comparison


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure. `title` and `caption` are plain text, not yet escaped; `svg` is markup, safe as it stands."""

    name: str
    title: str
    caption: str
    svg: str


def report_svgs(comparison: "Comparison") -> tuple[FigureRow, ...]:
    """All plots as figures, in the order in which they are read; those that have nothing to draw are left out."""
    from toolkit.report.plot import PLOTS
    from toolkit.report.svg import svg

    out = []
    for name in PLOTS:
        chart = getattr(comparison.plot, name)()
        if (head := _head(chart)) is not None:
            title, caption = head
            out.append(FigureRow(name, title, caption, svg(chart.properties(title=""))))
    return tuple(out)


def _head(chart: "alt.TopLevelMixin") -> tuple[str, str] | None:
    """A chart's own title and key, which a page shows as text; None where it is a sentence alone."""
    head = chart.to_dict().get("title")  # type: ignore[attr-defined]  # every chart has it
    return (head["text"], " ".join(head.get("subtitle", ()))) if isinstance(head, dict) else None
