"""A comparison given out in every form that was asked for: all of them made first, then written, then printed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.cli.terminal import console, say_written
from toolkit.errors import ConfigError

if TYPE_CHECKING:
    from toolkit.cli.outputs import Outputs
    from toolkit.comparison import Comparison


@dataclass(frozen=True)
class Sheet:
    """What was asked of the coder's sheet.

    Args:
        folder: Where it goes; None where none is wanted.
        blind: Whether the tool's own codes are hidden.
        sample: How many findings; None for all.
        controls: How many control rows.

    Raises:
        ConfigError: If options of the sheet were given without it.
    """

    folder: str | None
    blind: bool
    sample: int | None
    controls: int

    def __post_init__(self) -> None:
        if self.folder is None and (self.blind or self.sample is not None or self.controls):
            raise ConfigError("--blind, --sample and --controls say how a coder's sheet is made; give --sheet DIR too")


def give(comparison: "Comparison", *, outputs: "Outputs", sheet: Sheet, quiet: bool) -> None:
    """Writes the forms asked for, prints the report where nothing else goes to standard output, and says so.

    Raises:
        OutputError: If a file cannot be written.
    """
    outputs.write(_texts(comparison, outputs), folders=_folders(comparison, outputs, sheet))
    # Files first: a reader who closes the pipe (head, less) still has them.
    if not (quiet or outputs.on_stdout):
        from toolkit.report.text import print_report

        print_report(comparison, console())
    say_written(outputs, quiet=quiet)


def _texts(comparison: "Comparison", outputs: "Outputs") -> dict[str, str]:
    makers = {
        "--html": comparison.to_html,
        "--json": comparison.to_json,
        "--markdown": comparison.to_markdown,
        "--annotations": comparison.to_annotations,
    }
    return {option: make() for option, make in makers.items() if option in outputs.given}


def _folders(comparison: "Comparison", outputs: "Outputs", sheet: Sheet) -> dict[str, dict[str, bytes]]:
    from toolkit.report.coding import sheet_files
    from toolkit.report.tables import csv_files, parquet_files

    made = {}
    if "--csv" in outputs.given:
        made["--csv"] = csv_files(comparison)
    if "--parquet" in outputs.given:
        made["--parquet"] = parquet_files(comparison)
    if "--sheet" in outputs.given:
        made["--sheet"] = sheet_files(comparison, blind=sheet.blind, n=sheet.sample, controls=sheet.controls)
    return made
