"""The plots of a comparison, as altair charts that a notebook shows and that save themselves."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from toolkit.errors import OutputError
from toolkit.report import charts, draw

if TYPE_CHECKING:
    import altair as alt

    from toolkit.comparison import Comparison

PLOTS: Final = ("alignment", "coverage", "differences", "voices", "tones")
SCALE: Final = 2.0  # pixels of a PNG for each unit of a chart: sharp on a dense screen


@dataclass(frozen=True, slots=True)
class Plots:
    """The plots of one comparison; each method gives an altair chart, made from the rows of `toolkit.report.charts`.

    A chart saves itself with `chart.save("x.svg")` or `chart.save("x.png", scale_factor=2)`, with no network.
    Where there is nothing to draw, it says so in a sentence.

    Args:
        comparison: What to draw.
    """

    comparison: "Comparison"

    def alignment(self) -> "alt.TopLevelMixin":
        """Ribbon: a column a report, a cell a sentence from the top; bands join what makes the same point."""
        return draw.alignment(charts.alignment_chart(self.comparison))

    def coverage(self) -> "alt.TopLevelMixin":
        """Matrix: which report tells which shared point, with the number of differences it is a side of there."""
        return draw.coverage(charts.coverage_chart(self.comparison))

    def differences(self) -> "alt.TopLevelMixin":
        """Difference profile: how many differences of each kind each report is a side of; counts, never a score."""
        return draw.differences(charts.kind_counts(self.comparison), len(self.comparison.differences))

    def voices(self) -> "alt.TopLevelMixin":
        """Voice share: how much of each report, in percent of its characters, is attributed to each kind of source."""
        return draw.voices(charts.voice_shares(self.comparison))

    def tones(self) -> "alt.TopLevelMixin":
        """Light, in [-1, 1], that each report puts each main actor in, with 95 % intervals over sentences."""
        return draw.tones(charts.tone_intervals(self.comparison), charts.outlet_labels(self.comparison))

    def save(self, folder: str | Path, *, form: Literal["png", "svg"] = "png") -> tuple[Path, ...]:
        """Writes every plot as `<folder>/<plot>.<form>`, a PNG at twice its size, and gives the paths.

        Raises:
            OutputError: If the folder cannot be made or written, or the form is neither.
        """
        if form not in ("png", "svg"):
            raise OutputError(f"plots are saved as 'png' or 'svg', not as {form!r}")
        paths = tuple(Path(folder) / f"{name}.{form}" for name in PLOTS)
        made = [getattr(self, name)() for name in PLOTS]
        try:
            Path(folder).mkdir(parents=True, exist_ok=True)
            for path, chart in zip(paths, made, strict=True):
                chart.save(str(path), format=form, scale_factor=SCALE if form == "png" else 1)
        except (OSError, ValueError) as error:
            raise OutputError(f"{folder}: cannot be written: {getattr(error, 'strerror', None) or error}") from error
        return paths
