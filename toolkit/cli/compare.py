"""The command `compare`: articles in, every form of the result out."""

from toolkit.cli.inputs import read_config, read_places
from toolkit.cli.options import (
    AnnotationsFile,
    AnyLanguage,
    Blind,
    ConfigFile,
    Controls,
    CsvFolder,
    Groups,
    HtmlFile,
    JsonFile,
    MarkdownFile,
    Outlets,
    ParquetFolder,
    Places,
    Quiet,
    Sample,
    SheetFolder,
)
from toolkit.cli.terminal import progress_bar

HELP = """Compare the reports of one event.

\b
samestory compare agency.txt wire.txt local.txt --html report.html
samestory compare reports.jsonl --json result.json --csv tables/
samestory compare a.txt b.txt --outlet Xinhua --outlet AP --group Xinhua=state
samestory compare reports/ --json result.json --sheet study/ --blind --controls 20
"""


def run(  # noqa: PLR0913, PLR0917  # one parameter an option, as typer has it
    places: Places,
    outlet: Outlets = None,
    group: Groups = None,
    config: ConfigFile = None,
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
    any_language: AnyLanguage = False,
    quiet: Quiet = False,
) -> None:
    """The command `samestory compare`."""
    from toolkit.cli.outputs import checked
    from toolkit.cli.results import Sheet, give

    given = {
        **{"--html": html, "--json": json_file, "--csv": csv, "--parquet": parquet},
        **{"--markdown": markdown, "--annotations": annotations, "--sheet": sheet},
    }
    wanted = Sheet(sheet, blind=blind, sample=sample, controls=controls)
    outputs = checked(given, places=places, config=config)
    options = read_config(config, any_language=any_language)
    articles = read_places(places, outlets=outlet, groups=group, quiet=quiet)
    from toolkit.compare import compare

    with progress_bar(quiet) as progress:
        comparison = compare(articles, config=options, progress=progress)
    give(comparison, outputs=outputs, sheet=wanted, quiet=quiet)
