"""The command line of the harness.

python -m eval CONFIG [--out runs] [--quiet]          run tasks with systems, or go on with a run that was cut
python -m eval show RUN... [--markdown F] [--csv F] [--html F]
python -m eval compare A B...                          paired tests; each is RUN or RUN:SYSTEM
python -m eval report RUN... [--out eval/README.md]    the results page
python -m eval items CONFIG --out FILE                 the labelled pairs of its pair tasks, to train on
python -m eval schema                                  JSON schema of the configs

Exit code: 0 all well, 1 something failed (the record says what), 2 a wrong config or command.
"""

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from toolkit.errors import SamestoryError

if TYPE_CHECKING:
    from eval.run import Progress, Result


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and gives its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    commands = {"show": _show, "compare": _compare, "report": _report, "items": _items, "schema": _schema}
    try:
        return commands[words[0]](words[1:]) if words and words[0] in commands else _run(words)
    except SamestoryError as error:
        sys.stderr.write(f"eval: {error}\n")
        return 2
    except KeyboardInterrupt:
        sys.stderr.write("eval: stopped; the same command goes on from here\n")
        return 130


def _run(words: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m eval", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("config", type=Path, help="YAML file (configs/eval)")
    parser.add_argument("--out", type=Path, default=Path("runs"), help="folder of all runs")
    parser.add_argument("--quiet", action="store_true", help="no progress and no table, only the folder")
    args = parser.parse_args(words)

    from eval.config import EvalConfig
    from eval.run import run

    config = EvalConfig.from_yaml(args.config)
    with progress_display(quiet=args.quiet) as progress:
        done = run(config, out=args.out, progress=progress)
    if not args.quiet:
        from eval.show import load_run, print_table

        print_table(load_run(done.folder))
    for result in done.results:
        _complain(result)
    sys.stdout.write(f"{done.folder}\n")
    return 0 if done.well else 1


def _complain(result: "Result") -> None:
    where = f"{result.task} / {result.system}"
    if result.status != "scored":
        sys.stderr.write(f"{where}: {result.status}: {result.reason}\n")
    elif result.failed:
        sys.stderr.write(f"{where}: {result.failed} of {result.items} items failed and are unscored\n")


def _show(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval show", description="Tables of one or several runs.")
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="runs/<name>/<hash>")
    parser.add_argument("--markdown", type=Path, help="write the table as Markdown")
    parser.add_argument("--csv", type=Path, help="write every metric, one row each")
    parser.add_argument("--html", type=Path, help="write tables and plots as one page")
    args = parser.parse_args(words)

    from eval.show import load_runs, print_table, write_tables

    frames = load_runs(args.runs)
    print_table(frames)
    write_tables(frames, markdown=args.markdown, csv=args.csv, html=args.html)
    return 0


def _compare(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval compare", description="Paired tests, task by task.")
    parser.add_argument("runs", nargs="+", metavar="RUN[:SYSTEM]", help="one run's systems, or several runs'")
    parser.add_argument("--markdown", type=Path, help="write the table as Markdown")
    parser.add_argument("--csv", type=Path, help="write every test, one row each")
    parser.add_argument("--html", type=Path, help="write tables and plots as one page")
    args = parser.parse_args(words)

    from eval.compare import compare_runs, print_comparison, write_comparison

    tests = compare_runs(args.runs)
    print_comparison(tests)
    write_comparison(tests, markdown=args.markdown, csv=args.csv, html=args.html)
    return 0


def _report(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval report", description="The results page of runs, as Markdown.")
    parser.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="runs/<name>/<hash>")
    parser.add_argument("--out", type=Path, help="write it there (eval/README.md) in place of standard output")
    args = parser.parse_args(words)

    from eval.report import results_page
    from eval.show import write_output

    page = results_page(args.runs, name="README.md" if args.out is None else args.out.name)
    if args.out is None:
        sys.stdout.write(page)
    else:
        write_output(args.out, page)
    return 0


def _items(words: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval items", description="Labelled pairs, one item a line.")
    parser.add_argument("config", type=Path, help="YAML file whose tasks are of the family of pairs")
    parser.add_argument("--out", type=Path, required=True, help="JSONL file")
    args = parser.parse_args(words)

    from eval.config import EvalConfig
    from eval.items import labelled_pairs
    from eval.show import write_output

    lines = [json.dumps(row, ensure_ascii=False) for row in labelled_pairs(EvalConfig.from_yaml(args.config))]
    write_output(args.out, "\n".join(lines) + "\n")
    return 0


def _schema(words: list[str]) -> int:
    argparse.ArgumentParser(prog="python -m eval schema").parse_args(words)
    from eval.config import EvalConfig

    sys.stdout.write(json.dumps(EvalConfig.model_json_schema(), ensure_ascii=False, indent=1) + "\n")
    return 0


@contextmanager
def progress_display(*, quiet: bool = False) -> "Iterator[Progress | None]":
    """One bar on a terminal's stderr, or nothing."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        line = bar.add_task("reading", total=None)
        yield lambda task, system, done, total: bar.update(
            line, description=f"{task} / {system}", completed=done, total=total
        )


if __name__ == "__main__":
    sys.exit(main())
