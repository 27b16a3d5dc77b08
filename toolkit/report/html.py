"""The HTML report: one file that loads nothing, and the same body as a fragment for notebooks."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import TYPE_CHECKING

from toolkit.report.view import view

if TYPE_CHECKING:
    from jinja2 import Environment

    from toolkit.comparison import Comparison


def render_html(comparison: "Comparison") -> str:
    """The whole report as one HTML page that fetches nothing: styles and its one script inline.

    The page's own policy lets that script run, by its hash, and nothing else; without it the report still reads.
    """
    return _rendered("report.html.j2", comparison, uid="", top=1)


def render_fragment(comparison: "Comparison") -> str:
    """The body alone in a wrapper with its own style, to stand inside a notebook or another page.

    Ids in it carry a prefix made from the content, so that two comparisons can stand on one page.
    """
    key = "\x1f".join((*(d.text for d in comparison.articles), *(repr(d) for d in comparison.differences)))
    uid = f"s{sha256(key.encode('utf-8', 'surrogatepass')).hexdigest()[:6]}-"
    return _rendered("fragment.html.j2", comparison, uid=uid, top=3)


def _rendered(template: str, comparison: "Comparison", *, uid: str, top: int) -> str:
    from toolkit.report.figures import report_svgs

    figures = {figure.name: figure for figure in report_svgs(comparison)}
    return _environment().get_template(template).render(v=view(comparison), figures=figures, uid=uid, top=top)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from toolkit.report.view import NOTHING_FOUND, percent, visible, with_interval
    from toolkit.types import KINDS

    environment = Environment(
        loader=PackageLoader("toolkit.report", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(percent=percent, visible=visible, with_interval=with_interval)
    script = files("toolkit.report").joinpath("templates/report.js").read_text(encoding="utf-8")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    environment.globals.update(
        all_kinds=KINDS,
        nothing_found=NOTHING_FOUND,
        script=script,
        script_hash=f"sha256-{digest}",
    )
    return environment
