"""The commands for a part of the work: `summarize`, `align` and `schema`."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from toolkit.cli.inputs import read_config, read_places
from toolkit.cli.options import AnyLanguage, ConfigFile, JsonFile, Outlets, Places, Quiet, Story
from toolkit.cli.terminal import print_points, print_story, print_summaries, progress_bar, say_written

if TYPE_CHECKING:
    from toolkit.telling import StorySummary
    from toolkit.types import Point, Summary

SUMMARIZE_HELP = """Summarise each report on its own, or the story as a whole.

\b
samestory summarize agency.txt wire.txt
samestory summarize reports/ --json summaries.json
samestory summarize agency.txt wire.txt --story
"""
ALIGN_HELP = """Line up the sentences that make the same point.

\b
samestory align agency.txt wire.txt
samestory align reports/ --json points.json
"""


def summarize(
    places: Places,
    outlet: Outlets = None,
    config: ConfigFile = None,
    json_file: JsonFile = None,
    any_language: AnyLanguage = False,
    story: Story = False,
    quiet: Quiet = False,
) -> None:
    """The command `samestory summarize`."""
    from toolkit.cli.outputs import checked

    outputs = checked({"--json": json_file}, places=places, config=config)
    options = read_config(config, any_language=any_language)
    articles = read_places(places, outlets=outlet, quiet=quiet)
    from toolkit.compare import summarize as summarize_each
    from toolkit.compare import summarize_story
    from toolkit.telling import StorySummary

    with progress_bar(quiet) as progress:
        made = (summarize_story if story else summarize_each)(articles, config=options, progress=progress)
    text = _json(made)
    if not (quiet or outputs.on_stdout):
        if isinstance(made, StorySummary):
            print_story(made, articles=articles)
        else:
            print_summaries(made, articles=articles)
    outputs.write(dict.fromkeys(outputs.given, text))
    say_written(outputs, quiet=quiet)


def align(
    places: Places,
    outlet: Outlets = None,
    config: ConfigFile = None,
    json_file: JsonFile = None,
    any_language: AnyLanguage = False,
    quiet: Quiet = False,
) -> None:
    """The command `samestory align`."""
    from toolkit.cli.outputs import checked

    outputs = checked({"--json": json_file}, places=places, config=config)
    options = read_config(config, any_language=any_language)
    articles = read_places(places, outlets=outlet, quiet=quiet)
    from toolkit.compare import align as align_articles

    with progress_bar(quiet) as progress:
        points = align_articles(articles, config=options, progress=progress)
    text = _json(points)
    if not (quiet or outputs.on_stdout):
        print_points(points, articles=articles)
    outputs.write(dict.fromkeys(outputs.given, text))
    say_written(outputs, quiet=quiet)


def schema(
    what: Annotated[Literal["comparison", "config"], typer.Argument(help="Of the result, or of the options.")],
) -> None:
    """Print the JSON schema of the result or of the config file."""
    if what == "comparison":
        from toolkit.comparison import Comparison

        made = Comparison.json_schema()
    else:
        from toolkit.config import CompareConfig

        made = CompareConfig.model_json_schema()
    typer.echo(json.dumps(made, indent=2))


def _json(result: "StorySummary | Sequence[Summary] | Sequence[Point]") -> str:
    from pydantic import TypeAdapter

    kind: Any = type(result)
    if isinstance(result, Sequence):
        kind = tuple[type(result[0]), ...] if result else tuple[()]  # type: ignore[misc]
    return TypeAdapter(kind).dump_json(result, indent=1).decode() + "\n"
