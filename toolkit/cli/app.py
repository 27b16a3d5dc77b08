"""The application: which commands there are, and in which order the help names them."""

from typing import Annotated, Any

import typer
from typer.core import TyperCommand

from toolkit.cli import agreement, compare, parts, report
from toolkit.serve import command as serve


class Command(TyperCommand):
    """A command whose usage line has `PLACES...`, as manuals do, for typer's own `{PLACES}...`."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """The words after the program's name."""
        return [piece.replace("{", "").replace("}", "") for piece in super().collect_usage_pieces(ctx)]


app = typer.Typer(
    name="samestory",
    help="""Several reports of one event: how they differ in putting it, in the words of both sides.

\b
samestory compare agency.txt wire.html local.txt
samestory compare reports/ --html report.html
samestory compare https://example.org/a https://example.net/b --outlet A --outlet B
samestory summarize agency.txt
samestory align agency.txt wire.html --json points.json
""",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110},
)


def _version(value: bool) -> None:
    if value:
        from toolkit import __version__

        typer.echo(f"samestory {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    del version


app.command("compare", help=compare.HELP, cls=Command)(compare.run)
app.command("summarize", help=parts.SUMMARIZE_HELP, cls=Command)(parts.summarize)
app.command("align", help=parts.ALIGN_HELP, cls=Command)(parts.align)
app.command("schema", cls=Command)(parts.schema)
app.command("report", help=report.HELP, cls=Command)(report.run)
app.command("agreement", help=agreement.HELP, cls=Command)(agreement.run)
app.command("serve", help=serve.HELP, cls=Command)(serve.run)
