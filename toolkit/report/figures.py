"""The plots of a comparison as figures of a page: a title, a caption in words, and the picture as SVG text."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from toolkit.comparison import Comparison


@dataclass(frozen=True, slots=True)
class FigureRow:
    """One figure. `title` and `caption` are plain text, not yet escaped; `svg` is markup, safe as it stands."""

    name: str
    title: str
    caption: str
    svg: str


def report_svgs(comparison: "Comparison") -> tuple[FigureRow, ...]:
    """All plots as figures, in the order in which they are read; those that have nothing to draw are left out.

    The first call of a process takes about a second (the drawing program starts), a further one about half of that.
    """
    from altair import Undefined

    from toolkit.report.plot import PLOTS
    from toolkit.report.svg import svg

    out = []
    for name in PLOTS:
        chart = getattr(comparison.plot, name)()
        if chart.title is not Undefined:
            head = chart.title.to_dict()
            caption = " ".join(head["subtitle"])
            out.append(FigureRow(name, head["text"], caption, svg(chart.properties(title=""))))
    return tuple(out)
