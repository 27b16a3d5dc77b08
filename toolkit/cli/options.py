"""The arguments and options that commands share, each with its one help text."""

from typing import Annotated

import typer

Places = Annotated[
    list[str],
    typer.Argument(metavar="PLACES", help="Text or HTML files, folders, tables (JSONL, CSV, Parquet), addresses."),
]
Result = Annotated[
    str, typer.Argument(metavar="RESULT", help="A result that `samestory compare … --json FILE` has written.")
]
Outlets = Annotated[
    list[str] | None,
    typer.Option("--outlet", metavar="NAME", help="Name of an article's outlet; repeat it, in the order of PLACES."),
]
Groups = Annotated[
    list[str] | None,
    typer.Option("--group", metavar="OUTLET=GROUP", help="Your own label for a group of outlets; repeat it."),
]
Story = Annotated[
    bool, typer.Option("--story", help="Of the whole story: what all reports tell, then what only some do.")
]
ConfigFile = Annotated[str | None, typer.Option("--config", metavar="FILE", help="Options as YAML.")]
JsonFile = Annotated[
    str | None, typer.Option("--json", metavar="FILE", help="Write the result as JSON; - is standard output.")
]
HtmlFile = Annotated[
    str | None,
    typer.Option("--html", metavar="FILE", help="Write a single-file web report; - is standard output."),
]
CsvFolder = Annotated[str | None, typer.Option("--csv", metavar="DIR", help="Write every table as CSV.")]
ParquetFolder = Annotated[str | None, typer.Option("--parquet", metavar="DIR", help="Write every table as Parquet.")]
MarkdownFile = Annotated[
    str | None, typer.Option("--markdown", metavar="FILE", help="Write a Markdown report; - is standard output.")
]
AnnotationsFile = Annotated[
    str | None,
    typer.Option("--annotations", metavar="FILE", help="Write W3C Web Annotations (JSON-LD); - is standard output."),
]
SheetFolder = Annotated[
    str | None, typer.Option("--sheet", metavar="DIR", help="Write a coder's sheet and its codebook.")
]
Blind = Annotated[
    bool, typer.Option("--blind", help="With --sheet: shuffle it and hide the tool's own codes from the coder.")
]
Sample = Annotated[
    int | None,
    typer.Option("--sample", metavar="N", min=1, help="With --sheet: so many findings, drawn by chance; else all."),
]
Controls = Annotated[
    int,
    typer.Option("--controls", metavar="N", min=0, help="With --sheet: so many control rows, which the tool passed."),
]
AnyLanguage = Annotated[
    bool, typer.Option("--any-language", help="Go on with a language the analysis was not made for.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]
