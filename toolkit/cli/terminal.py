"""What is printed on a terminal: summaries, points, what was written, and a bar while work goes on."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from rich.console import Console

    from toolkit.cli.outputs import Outputs
    from toolkit.telling import StorySummary
    from toolkit.types import Article, Point, Summary

Progress = Callable[[str, int, int], None]


def flat(text: str) -> str:
    """The text on one line, without the control characters by which an article could steer the terminal."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def console(*, stderr: bool = False) -> "Console":
    """A rich console; 100 columns wide where it is not a terminal."""
    from rich.console import Console

    made = Console(stderr=stderr, highlight=False)
    # A pipe has no width of its own, and rich's guess of 80 is narrow for reports side by side.
    return made if made.is_terminal else Console(stderr=stderr, highlight=False, width=100)


@contextmanager
def progress_bar(quiet: bool) -> Iterator[Progress | None]:
    """A bar on stderr, where stderr is a terminal; else nothing at all."""
    err = console(stderr=True)
    if quiet or not err.is_terminal:
        yield None
        return
    from rich.progress import Progress as Bars

    with Bars(console=err, transient=True) as bars:
        tasks = {}

        def step(stage: str, done: int, total: int) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield step


def say_written(outputs: "Outputs", *, quiet: bool) -> None:
    """Names the files and folders written, unless a result is standard output itself."""
    for path in outputs.given.values():
        if not (quiet or outputs.on_stdout):
            typer.echo(f"wrote {path}")


def print_summaries(summaries: "Sequence[Summary]", *, articles: "Sequence[Article]") -> None:
    """Prints each article's summary, with what the article does not bear out."""
    names = {a.id: a.name for a in articles}
    out = console()
    for number, summary in enumerate(summaries):
        if number:
            out.print()
        out.print(flat(names.get(summary.article, summary.article)), style="bold", markup=False)
        for sentence in summary.sentences:
            doubts = ", ".join(f"{d.what} “{sentence.text[d.start : d.end]}”" for d in sentence.doubts)
            end = f" [not borne out by the article: {doubts}]" if doubts else ""
            out.print(f"- {flat(sentence.text + end)}", markup=False)


def print_story(story: "StorySummary", *, articles: "Sequence[Article]") -> None:
    """Prints what all outlets tell, then what some do, each sentence with its outlets."""
    names = {a.id: a.name for a in articles}
    out = console()
    for head, part in (("Told by all", story.agreed), ("Told by some", story.partly)):
        out.print(head, style="bold")
        for sentence in part:
            who = ", ".join(names.get(a, a) for a in sentence.articles)
            out.print(flat(f"- {sentence.text} ({who})"), markup=False)
        if not part:
            out.print("- nothing")


def print_points(points: "Sequence[Point]", *, articles: "Sequence[Article]") -> None:
    """Prints each point with the sentences that make it."""
    known = {a.id: a for a in articles}
    out = console()
    for number, point in enumerate(points):
        if number:
            out.print()
        out.print(point.id, style="bold", markup=False)
        for member in point.sentences:
            article = known[member.article]
            out.print(f"{flat(article.name)}: {flat(article.text[member.start : member.end])}", markup=False)
