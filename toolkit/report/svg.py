"""A chart as SVG text that stands inside a page: no script, nothing fetched, in the page's own ink."""

import re
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from toolkit.report.draw import FONT, GRID, INK, PAPER

if TYPE_CHECKING:
    import altair as alt

# What a reader of the picture has no use for: the figure around it says what it is.
_IDLE: Final = re.compile(
    r' (?:aria-[a-z]+|role|class|pointer-events|stroke-miterlimit|xmlns:xlink|version)="[^"]*"| opacity="1"'
)
_EMPTY: Final = re.compile(r'<path(?: d="(?:M0,0h0v0h0Z)?"| display="none"| transform="[^"]*")+/>|<g[^>]*></g>')
_NUMBER: Final = re.compile(r"(\d+\.\d)\d+")
_PATH: Final = re.compile(r'<path((?: [a-z-]+="[^"]*")*?) d="([^"]*)"((?: [a-z-]+="[^"]*")*)/>')
_SIZE: Final = re.compile(r'^<svg[^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>(<rect[^>]*/>)?')


def svg(chart: "alt.TopLevelMixin") -> str:
    """The chart as one `<svg>` element, at most as wide as its column and in the colour of the text around it.

    Text and axes are `currentColor`, so that they can be read on dark paper as on light. There is no script, no
    reference out, and no id that another chart could have. Tooltips are not kept.

    Args:
        chart: One of `comparison.plot`.
    """
    import vl_convert

    spec = chart.to_dict(validate=False)  # its parts were validated as they were made
    drawn = str(vl_convert.vegalite_to_svg(spec))
    size = _SIZE.match(drawn)
    if size is None:
        raise ValueError(f"an <svg> with its size was expected, got {drawn[:80]!r}")
    width, height = (round(float(x)) for x in size.groups()[:2])
    body = _own_ids(_lean(drawn[size.end() :]))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'font-family="{FONT}" style="max-width:100%;height:auto">{_inked(body)}'
    )


def _lean(body: str) -> str:
    """The same picture in fewer characters: neighbours that look alike are one path, and empty groups go."""
    parts = re.split(r"(<[^>]*>)", body)  # text between tags stays as it is
    tags = [p if n % 2 == 0 else _NUMBER.sub(r"\1", _IDLE.sub("", p)) for n, p in enumerate(parts)]
    body = "".join(tags).replace(f' font-family="{FONT}"', "")
    while (less := _EMPTY.sub("", body)) != body:
        body = less
    return re.sub(rf"(?:{_PATH.pattern}){{2,}}", lambda run: _merged(run[0]), body)


def _merged(run: str) -> str:
    out: list[list[str]] = []
    for before, d, after in _PATH.findall(run):
        if out and [before, after] == [out[-1][0], out[-1][2]] and "opacity" not in before + after:
            out[-1][1] += d
        else:
            out.append([before, d, after])
    return "".join(f'<path{before} d="{d}"{after}/>' for before, d, after in out)


def _own_ids(body: str) -> str:
    """Ids with a prefix made from the content, so that several charts can stand on one page."""
    prefix = f"c{sha256(body.encode()).hexdigest()[:8]}-"
    body = re.sub(r'(<[^>]* id=")', rf"\g<1>{prefix}", body)
    return re.sub(r"(<[^>]*url\()(['\"]?)#", rf"\g<1>\g<2>#{prefix}", body)


def _inked(body: str) -> str:
    """Text and axes in the ink of the page, grid lines in a thin one, and holes that the paper shows through."""
    faint = 'stroke="currentColor" stroke-opacity="0.2"'
    return re.sub(
        r"<[^>]*>",
        lambda tag: (
            tag[0]
            .replace(f'"{INK}"', '"currentColor"')
            .replace(f'stroke="{GRID}"', faint)
            .replace(f'fill="{PAPER}" stroke', 'fill="none" stroke')
        ),
        body,
    )
