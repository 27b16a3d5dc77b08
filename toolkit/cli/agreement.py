"""The command `agreement`: coders' filled sheets back in, agreement out."""

from pathlib import Path
from typing import Annotated

import typer

from toolkit.cli.options import JsonFile, Quiet, Result

HELP = """Compare the codes of human coders with each other and with the tool.

\b
samestory agreement result.json anna.csv ben.csv
samestory agreement result.json anna.csv ben.csv --json agreement.json
"""
Sheets = Annotated[
    list[str], typer.Argument(metavar="SHEETS", help="Filled sheets, one a coder; a file's name is its coder's.")
]


def run(result: Result, sheets: Sheets, json_file: JsonFile = None, quiet: Quiet = False) -> None:
    """The command `samestory agreement`."""
    from toolkit.cli.outputs import checked
    from toolkit.cli.terminal import say_written
    from toolkit.comparison import Comparison
    from toolkit.report.agreement import agreement
    from toolkit.report.codes import read_codes

    read = {"RESULT": result, **{f"SHEETS: number {n}": path for n, path in enumerate(sheets, start=1)}}
    outputs = checked({"--json": json_file}, read=read)
    made = agreement(Comparison.from_json(Path(result)), sheets=read_codes(sheets))
    outputs.write(dict.fromkeys(outputs.given, made.to_json()))
    if not (quiet or outputs.on_stdout):
        typer.echo(made.to_text())
    say_written(outputs, quiet=quiet)
