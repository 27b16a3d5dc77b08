"""The command `report`: every form of a result that was saved, without running a model again."""

from pathlib import Path

from toolkit.cli.options import (
    AnnotationsFile,
    Blind,
    Controls,
    CsvFolder,
    HtmlFile,
    JsonFile,
    MarkdownFile,
    ParquetFolder,
    Quiet,
    Result,
    Sample,
    SheetFolder,
)

HELP = """Show a saved result again, or write it in other forms; no model is run.

\b
samestory report result.json
samestory report result.json --html report.html --markdown report.md
samestory report result.json --sheet study/ --blind --sample 50 --controls 20
"""


def run(  # noqa: PLR0913, PLR0917  # one parameter an option, as typer has it
    result: Result,
    html: HtmlFile = None,
    json_file: JsonFile = None,
    csv: CsvFolder = None,
    parquet: ParquetFolder = None,
    markdown: MarkdownFile = None,
    annotations: AnnotationsFile = None,
    sheet: SheetFolder = None,
    blind: Blind = False,
    sample: Sample = None,
    controls: Controls = 0,
    quiet: Quiet = False,
) -> None:
    """The command `samestory report`."""
    from toolkit.cli.outputs import checked
    from toolkit.cli.results import Sheet, give
    from toolkit.comparison import Comparison

    given = {
        **{"--html": html, "--json": json_file, "--csv": csv, "--parquet": parquet},
        **{"--markdown": markdown, "--annotations": annotations, "--sheet": sheet},
    }
    wanted = Sheet(sheet, blind=blind, sample=sample, controls=controls)
    outputs = checked(given, read={"RESULT": result})
    give(Comparison.from_json(Path(result)), outputs=outputs, sheet=wanted, quiet=quiet)
