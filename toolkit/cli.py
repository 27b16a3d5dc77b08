"""The command line: a thin door to `compare`, `summarize` and `align`."""

import io
import json
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from typer.core import TyperCommand

from toolkit.errors import ConfigError, SamestoryError

if TYPE_CHECKING:
    from rich.console import Console

    from toolkit._cli_outputs import Outputs
    from toolkit.config import CompareConfig
    from toolkit.telling import StorySummary
    from toolkit.types import Article, Point, Summary

Progress = Callable[[str, int, int], None]

_COMPARE_HELP = """Compare the reports of one event.

\b
samestory compare agency.txt wire.txt local.txt --html report.html
samestory compare reports.jsonl --json result.json --csv tables/
samestory compare a.txt b.txt --outlet Xinhua --outlet AP --group Xinhua=state
"""
_SUMMARIZE_HELP = """Summarise each report on its own, or the story as a whole.

\b
samestory summarize agency.txt wire.txt
samestory summarize reports/ --json summaries.json
samestory summarize agency.txt wire.txt --story
"""
_ALIGN_HELP = """Line up the sentences that make the same point.

\b
samestory align agency.txt wire.txt
samestory align reports/ --json points.json
"""


class _Command(TyperCommand):
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

Places = Annotated[
    list[str],
    typer.Argument(metavar="PLACES", help="Text or HTML files, folders, tables (JSONL, CSV, Parquet), addresses."),
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
AnyLanguage = Annotated[
    bool, typer.Option("--any-language", help="Go on with a language the analysis was not made for.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")]


def main(argv: Sequence[str] | None = None) -> int:
    """Runs the command line and gives the exit code: 0 done, 2 a mistake of the user's, 130 interrupted.

    Args:
        argv: The arguments after the program's name; those of the process when None.
    """
    args = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that cannot show a letter, or text with half of a surrogate pair, is no reason to stop.
        sys.stdout.reconfigure(errors="replace")
    try:
        code = app(args or ["--help"], prog_name="samestory", standalone_mode=False)
        sys.stdout.flush()
    except SamestoryError as error:
        return _fail(str(error))
    except typer.TyperException as error:
        return _fail(_usage(error))
    except typer.Abort:
        return 130
    except BrokenPipeError:
        _let_go_of_stdout()
        return 1
    except OSError as error:
        _let_go_of_stdout()
        return _fail(f"{error.filename or 'standard output'}: cannot be read or written: {error.strerror or error}")
    return code if isinstance(code, int) else 0


def _let_go_of_stdout() -> None:
    """Standard output cannot be written (`samestory … | head`, a full disk): what is left in it is not tried again."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _fail(message: str) -> int:
    typer.echo(f"samestory: {_flat(message)}", err=True)
    return 2


def _flat(text: str) -> str:
    """The text on one line, without the control characters by which an article could steer the terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _usage(error: typer.TyperException) -> str:
    message = error.format_message().strip().rstrip(".")
    message = message[:1].lower() + message[1:]
    command = getattr(getattr(error, "ctx", None), "command", None)
    if hasattr(error, "option_name") and message.startswith("no such option"):
        options = [o for p in command.params for o in p.opts if o.startswith("--")] if command else []
        return f"{message.split(' (')[0]}; choose from {', '.join([*options, '--help'])}"
    if message.startswith("no such command"):
        names = getattr(command, "commands", {})
        return f"{message.split('.')[0]}; choose from {', '.join(names)}"
    context = getattr(error, "ctx", None)
    return f"{message.replace('Value error, ', '')}; see {context.command_path if context else 'samestory'} --help"


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


@app.command("compare", help=_COMPARE_HELP, cls=_Command)
def _compare(  # noqa: PLR0913, PLR0917  # one parameter an option, as typer has it
    places: Places,
    outlet: Outlets = None,
    group: Groups = None,
    config: ConfigFile = None,
    html: HtmlFile = None,
    json_file: JsonFile = None,
    csv: CsvFolder = None,
    any_language: AnyLanguage = False,
    quiet: Quiet = False,
) -> None:
    outputs = _checked({"--html": html, "--json": json_file, "--csv": csv}, places, config)
    options = _options(config, any_language)
    articles = _read(places, outlet, group, quiet=quiet)
    from toolkit.compare import compare

    with _progress(quiet) as progress:
        comparison = compare(articles, config=options, progress=progress)
    texts = {}
    if "--html" in outputs.given:
        texts["--html"] = comparison.to_html()
    if "--json" in outputs.given:
        texts["--json"] = comparison.to_json()
    if csv:
        comparison.to_csv(csv)  # first of the files, as it makes its texts itself
    outputs.write(texts)
    # Files first: a reader who closes the pipe (head, less) still has them.
    if not (quiet or outputs.on_stdout):
        from toolkit.report.text import print_report

        print_report(comparison, _console())
    _say_written(outputs, quiet)


@app.command("summarize", help=_SUMMARIZE_HELP, cls=_Command)
def _summarize(
    places: Places,
    outlet: Outlets = None,
    config: ConfigFile = None,
    json_file: JsonFile = None,
    any_language: AnyLanguage = False,
    story: Story = False,
    quiet: Quiet = False,
) -> None:
    outputs = _checked({"--json": json_file}, places, config)
    options = _options(config, any_language)
    articles = _read(places, outlet, None, quiet=quiet)
    from toolkit.compare import summarize, summarize_story
    from toolkit.telling import StorySummary

    with _progress(quiet) as progress:
        made = (summarize_story if story else summarize)(articles, config=options, progress=progress)
    text = _json(made)
    if not (quiet or outputs.on_stdout):
        if isinstance(made, StorySummary):
            _print_story(made, articles)
        else:
            _print_summaries(made, articles)
    outputs.write(dict.fromkeys(outputs.given, text))
    _say_written(outputs, quiet)


@app.command("align", help=_ALIGN_HELP, cls=_Command)
def _align(
    places: Places,
    outlet: Outlets = None,
    config: ConfigFile = None,
    json_file: JsonFile = None,
    any_language: AnyLanguage = False,
    quiet: Quiet = False,
) -> None:
    outputs = _checked({"--json": json_file}, places, config)
    options = _options(config, any_language)
    articles = _read(places, outlet, None, quiet=quiet)
    from toolkit.compare import align

    with _progress(quiet) as progress:
        points = align(articles, config=options, progress=progress)
    text = _json(points)
    if not (quiet or outputs.on_stdout):
        _print_points(points, articles)
    outputs.write(dict.fromkeys(outputs.given, text))
    _say_written(outputs, quiet)


@app.command("schema", cls=_Command)
def _schema(
    what: Annotated[Literal["comparison", "config"], typer.Argument(help="Of the result, or of the options.")],
) -> None:
    """Print the JSON schema of the result or of the config file."""
    if what == "comparison":
        from toolkit.comparison import Comparison

        schema = Comparison.json_schema()
    else:
        from toolkit.config import CompareConfig

        schema = CompareConfig.model_json_schema()
    typer.echo(json.dumps(schema, indent=2))


def _checked(names: dict[str, str | None], places: Sequence[str], config: str | None) -> "Outputs":
    """The outputs, once it is known that they can be written and that no name is empty."""
    from toolkit._cli_outputs import Outputs, check_names

    check_names({**names, "--config": config}, places)
    outputs = Outputs(names)
    outputs.check(places, config=config)
    return outputs


def _options(path: str | None, any_language: bool) -> "CompareConfig":
    from toolkit.config import CompareConfig

    config = CompareConfig.from_yaml(path) if path else CompareConfig()
    return config.model_copy(update={"any_language": True}) if any_language else config


def _read(
    places: Sequence[str], outlets: Sequence[str] | None, groups: Sequence[str] | None, *, quiet: bool
) -> "tuple[Article, ...]":
    from toolkit.sources import read_articles

    labels, console = _groups(groups or ()), _console(stderr=True)
    fetches = any("://" in place for place in places)
    with console.status("fetching") if fetches and not quiet and console.is_terminal else nullcontext():
        return read_articles(places, outlets=outlets or (), groups=labels)


def _groups(pairs: Sequence[str]) -> dict[str, str]:
    groups = {}
    for pair in pairs:
        outlet, equals, label = (part.strip() for part in pair.partition("="))
        if not (outlet and equals and label):
            raise ConfigError(f"--group {pair!r}: expected OUTLET=GROUP, such as --group Xinhua=state")
        groups[outlet] = label
    return groups


def _say_written(outputs: "Outputs", quiet: bool) -> None:
    for path in outputs.given.values():
        if not (quiet or outputs.on_stdout):
            typer.echo(f"wrote {path}")


def _json(result: "StorySummary | Sequence[Summary] | Sequence[Point]") -> str:
    from pydantic import TypeAdapter

    kind: Any = type(result)
    if isinstance(result, Sequence):
        kind = tuple[type(result[0]), ...] if result else tuple[()]  # type: ignore[misc]
    return TypeAdapter(kind).dump_json(result, indent=1).decode() + "\n"


def _console(*, stderr: bool = False) -> "Console":
    from rich.console import Console

    console = Console(stderr=stderr, highlight=False)
    # A pipe has no width of its own, and rich's guess of 80 is narrow for reports side by side.
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=100)


@contextmanager
def _progress(quiet: bool) -> Iterator[Progress | None]:
    """A bar on stderr, where stderr is a terminal; else nothing at all."""
    console = _console(stderr=True)
    if quiet or not console.is_terminal:
        yield None
        return
    from rich.progress import Progress as Bars

    with Bars(console=console, transient=True) as bars:
        tasks = {}

        def step(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield step


def _print_summaries(summaries: "Sequence[Summary]", articles: "Sequence[Article]") -> None:
    names = {a.id: a.name for a in articles}
    console = _console()
    for number, summary in enumerate(summaries):
        if number:
            console.print()
        console.print(_flat(names.get(summary.article, summary.article)), style="bold", markup=False)
        for sentence in summary.sentences:
            doubts = ", ".join(f"{d.what} “{sentence.text[d.start : d.end]}”" for d in sentence.doubts)
            end = f" [not borne out by the article: {doubts}]" if doubts else ""
            console.print(f"- {_flat(sentence.text + end)}", markup=False)


def _print_story(story: "StorySummary", articles: "Sequence[Article]") -> None:
    names = {a.id: a.name for a in articles}
    console = _console()
    for head, part in (("Told by all", story.agreed), ("Told by some", story.partly)):
        console.print(head, style="bold")
        for sentence in part:
            who = ", ".join(names.get(a, a) for a in sentence.articles)
            console.print(_flat(f"- {sentence.text} ({who})"), markup=False)
        if not part:
            console.print("- nothing")


def _print_points(points: "Sequence[Point]", articles: "Sequence[Article]") -> None:
    known = {a.id: a for a in articles}
    console = _console()
    for number, point in enumerate(points):
        if number:
            console.print()
        console.print(point.id, style="bold", markup=False)
        for member in point.sentences:
            article = known[member.article]
            console.print(f"{_flat(article.name)}: {_flat(article.text[member.start : member.end])}", markup=False)


if __name__ == "__main__":
    sys.exit(main())
