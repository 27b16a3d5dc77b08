import io
import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest
from rich.console import Console

from toolkit import Comparison, Document, SamestoryError, cli
from toolkit.comparison import Coverage
from toolkit.errors import StoryError
from toolkit.telling import StorySentence, StorySummary
from toolkit.types import Absence, Difference, Doubt, Point, PointSentence, Summary, SummarySentence

FERRY = (
    "The harbour ferry ran aground on Tuesday morning with 212 passengers on board. "
    "Nobody was seriously hurt, the port authority said. "
    "The captain had warned of the shallow channel in March. "
    "Divers will look at the hull on Wednesday."
)
WIRE = (
    "A ferry carrying about 200 people hit a sandbank in the harbour on Tuesday. "
    "Port officials claimed that no passenger had been seriously injured. "
    "Opposition councillors blamed years of neglect for the accident. "
    "The hull is to be examined on Wednesday."
)
GERMAN = (
    "Die Fähre lief am Dienstagmorgen mit mehr als zweihundert Fahrgästen im Hafen auf Grund. "
    "Niemand wurde ernsthaft verletzt, teilte die Hafenbehörde am Nachmittag mit. "
    "Der Kapitän hatte schon im März vor der flachen Fahrrinne gewarnt."
)


@pytest.fixture(autouse=True)
def _own_cache(tmp_path_factory, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.getbasetemp() / "cache"))


@pytest.fixture
def two(tmp_path):
    (tmp_path / "a.txt").write_text(FERRY, encoding="utf-8")
    (tmp_path / "b.txt").write_text(WIRE, encoding="utf-8")
    return [str(tmp_path / "a.txt"), str(tmp_path / "b.txt")]


@pytest.fixture
def run(capsys):
    """Runs the command line in this process: exit code, stdout, stderr."""

    def call(*args):
        code = cli.main([str(a) for a in args])
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def calls(monkeypatch):
    """Stands in for the engine; keeps what it was called with."""
    seen = []

    def compare(articles, *, config=None, progress=None):
        seen.append((tuple(articles), config, progress))
        if progress:
            progress("reading", 1, 2)
        cut = tuple(Document.from_sentences([a.text], article_id=a.id, outlet=a.outlet) for a in articles)
        return Comparison(cut, (), (), (), Coverage((), (), ()), ())

    def summarize(articles, *, config=None, progress=None):
        seen.append((tuple(articles), config, progress))
        if progress:
            progress("reading", 1, 2)
        doubts = (Doubt("name", 2, 7),)
        return tuple(Summary(a.id, "lead", (SummarySentence(a.text[:20], 0.2, (), doubts),)) for a in articles)

    def align(articles, *, config=None, progress=None):
        seen.append((tuple(articles), config, progress))
        if progress:
            progress("reading", 1, 2)
        return (
            Point("p1", "A ferry", tuple(PointSentence(a.id, 0, 0, 20) for a in articles)),
            Point("p2", "Alone", (PointSentence(articles[0].id, 1, 21, 40),)),
        )

    def summarize_story(articles, *, config=None, progress=None):
        seen.append((tuple(articles), config, progress))
        ids = tuple(a.id for a in articles)
        return StorySummary((StorySentence("A ferry [sank].", ids, 0.9, ()),), ())

    engine = ModuleType("toolkit.compare")
    engine.compare, engine.summarize, engine.align = compare, summarize, align
    engine.summarize_story = summarize_story
    monkeypatch.setitem(sys.modules, "toolkit.compare", engine)
    return seen


def refused(result, *words):
    """Exit 2, one or two lines on stderr, nothing on stdout, no traceback."""
    code, out, err = result
    assert code == 2, err
    assert out == ""
    assert err.startswith("samestory: ")
    assert 1 <= len(err.splitlines()) <= 2
    assert "Traceback" not in err
    for word in words:
        assert str(word) in err


class TestHelp:
    def test_without_arguments_it_teaches_by_example(self, run):
        code, out, _ = run()
        assert code == 0
        assert "samestory compare agency.txt wire.html local.txt" in out

    @pytest.mark.parametrize("command", ["compare", "summarize", "align"])
    def test_each_command_has_examples(self, run, command):
        code, out, _ = run(command, "--help")
        assert code == 0
        assert f"samestory {command} agency.txt wire.txt" in out

    @pytest.mark.parametrize("command", ["report", "agreement"])
    def test_commands_for_a_saved_result_have_examples(self, run, command):
        code, out, _ = run(command, "--help")
        assert code == 0
        assert f"samestory {command} result.json" in out

    def test_version(self, run):
        assert run("--version") == (0, "samestory 0.1.0\n", "")

    def test_as_a_process(self):
        done = subprocess.run([sys.executable, "-m", "toolkit.cli", "--version"], capture_output=True, check=True)
        assert done.stdout.split()[0] == b"samestory"
        failed = subprocess.run([sys.executable, "-m", "toolkit.cli", "compare"], capture_output=True, check=False)
        assert failed.returncode == 2
        assert failed.stderr.startswith(b"samestory: missing argument")


class TestUsage:
    def test_unknown_option_lists_the_choices(self, run):
        refused(run("compare", "a.txt", "--pdf", "x"), "--pdf", "--html", "--json", "--csv", "--any-language")

    def test_unknown_command_lists_the_choices(self, run):
        refused(run("comprae", "a.txt"), "'comprae'", "compare, summarize, align, schema")

    def test_missing_value(self, run):
        refused(run("compare", "a.txt", "--html"), "--html")

    def test_no_places(self, run):
        refused(run("compare"), "'PLACES'", "see samestory compare --help")

    def test_usage_is_written_as_manuals_do(self, run):
        assert "Usage: samestory compare [OPTIONS] PLACES...\n" in run("compare", "--help")[1]

    def test_too_few_outlets(self, run, two):
        refused(run("compare", *two, "--outlet", "A"), "expected 2 outlet names, got 1")

    def test_group_without_a_label(self, run, two):
        refused(run("compare", *two, "--group", "Xinhua"), "'Xinhua'", "OUTLET=GROUP")

    def test_unknown_schema(self, run):
        refused(run("schema", "report"), "comparison", "config")


class TestCompare:
    def test_outlets_and_groups_reach_the_articles(self, run, two, calls):
        code, _, err = run("compare", *two, "--outlet", "Port News", "--outlet", "Wire", "--group", "Wire=western")
        assert (code, err) == (0, "")
        articles, config, progress = calls[0]
        assert [(a.outlet, a.group) for a in articles] == [("Port News", ""), ("Wire", "western")]
        assert [a.text for a in articles] == [FERRY, WIRE]
        assert config.any_language is False
        assert progress is None, "no bar where stderr is not a terminal"

    def test_any_language_is_an_option_of_the_config(self, run, two, calls):
        assert run("compare", *two, "--any-language")[0] == 0
        assert calls[0][1].any_language is True

    def test_config_file_is_read(self, run, two, calls, tmp_path):
        options = tmp_path / "options.yaml"
        options.write_text("any_language: true\n", encoding="utf-8")
        assert run("compare", *two, "--config", options)[0] == 0
        assert calls[0][1].any_language is True

    def test_every_output_is_written_and_named(self, run, two, calls, tmp_path):
        html, js, csv = tmp_path / "new" / "r.html", tmp_path / "r.json", tmp_path / "tables"
        code, out, _ = run("compare", *two, "--html", html, "--json", js, "--csv", csv)
        assert code == 0
        assert [line for line in out.splitlines() if line.startswith("wrote ")] == [
            f"wrote {html}",
            f"wrote {js}",
            f"wrote {csv}",
        ]
        assert "<html" in html.read_text(encoding="utf-8")
        assert [a.text for a in Comparison.from_json(js).articles] == [FERRY, WIRE]
        assert (csv / "differences.csv").is_file()

    def test_quiet_prints_nothing(self, run, two, calls, tmp_path):
        assert run("compare", *two, "--quiet", "--json", tmp_path / "r.json") == (0, "", "")
        assert (tmp_path / "r.json").is_file()

    def test_without_quiet_the_report_is_printed(self, run, two, calls):
        assert run("compare", *two)[1].strip()

    @pytest.mark.parametrize("command", ["compare", "summarize", "align"])
    def test_progress_on_a_terminal_goes_to_its_console(self, run, two, calls, monkeypatch, command):
        terminal = Console(file=io.StringIO(), force_terminal=True, width=80)
        plain = cli.terminal.console
        monkeypatch.setattr(cli.terminal, "console", lambda *, stderr=False: terminal if stderr else plain())
        code, out, err = run(command, *two)
        assert (code, err) == (0, "")
        assert "fetching" not in terminal.file.getvalue()
        assert "reading" in terminal.file.getvalue()
        assert "\x1b[" not in out

    def test_fetching_shows_on_a_terminal(self, run, two, calls, monkeypatch):
        terminal = Console(file=io.StringIO(), force_terminal=True, width=80)
        plain = cli.terminal.console
        monkeypatch.setattr(cli.terminal, "console", lambda *, stderr=False: terminal if stderr else plain())
        assert run("compare", two[0], "http://127.0.0.1:9/report", "--quiet")[0] == 2
        assert terminal.file.getvalue() == ""
        assert run("compare", two[0], "http://127.0.0.1:9/report")[0] == 2
        assert "fetching" in terminal.file.getvalue()

    def test_interrupted(self, two, calls, monkeypatch):
        def interrupt(*_, **__):
            raise KeyboardInterrupt

        monkeypatch.setattr(sys.modules["toolkit.compare"], "compare", interrupt)
        assert cli.main(["compare", *two]) == 130


class TestOutputs:
    """Nothing is written unless everything can be."""

    def test_a_folder_where_a_file_should_be(self, run, two, calls, tmp_path):
        refused(run("compare", *two, "--json", tmp_path / "r.json", "--html", tmp_path), "--html", "is a folder")
        assert calls == []
        assert not (tmp_path / "r.json").exists()

    def test_a_file_where_a_folder_should_be(self, run, two, calls, tmp_path):
        wall = tmp_path / "wall"
        wall.write_text("x", encoding="utf-8")
        refused(run("compare", *two, "--html", tmp_path / "r.html", "--csv", wall / "deep"), "--csv", "not a folder")
        refused(run("compare", *two, "--html", tmp_path / "r.html", "--csv", wall), "--csv", "not a folder")
        assert not (tmp_path / "r.html").exists()

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_a_folder_without_the_right_to_write(self, run, two, calls, tmp_path):
        shut = tmp_path / "shut"
        shut.mkdir(mode=0o500)
        refused(run("compare", *two, "--html", shut / "r.html"), "Permission denied")

    def test_a_right_denied(self, run, two, calls, tmp_path, monkeypatch):
        def deny(path, *_, **__):
            raise PermissionError(13, "Permission denied", str(path))

        monkeypatch.setattr(Path, "open", deny)
        refused(run("compare", *two, "--html", tmp_path / "r.html"), "--html", f"in {tmp_path}: Permission denied")
        assert calls == []

    @pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="no file system here that takes no folders")
    @pytest.mark.parametrize("option", ["--html", "--json", "--csv"])
    def test_a_folder_that_cannot_be_made(self, run, two, calls, option):
        refused(run("compare", *two, option, "/proc/x/y"), option, "the folder /proc/x", "cannot be made")
        assert calls == []

    def test_the_trial_leaves_nothing_and_harms_nothing(self, run, two, calls, tmp_path, monkeypatch):
        monkeypatch.setattr(sys.modules["toolkit.compare"], "compare", lambda *_, **__: 1 / 0)
        (tmp_path / "r.json").write_text("old", encoding="utf-8")
        (tmp_path / "r.json.part").write_text("older", encoding="utf-8")
        before = sorted(tmp_path.iterdir())
        with pytest.raises(ZeroDivisionError):
            run("compare", *two, "--json", tmp_path / "r.json", "--csv", tmp_path / "deep" / "er")
        assert sorted(tmp_path.iterdir()) == before
        assert (tmp_path / "r.json").read_text(encoding="utf-8") == "old"
        assert (tmp_path / "r.json.part").read_text(encoding="utf-8") == "older"

    def test_a_folder_where_the_neighbour_should_be(self, run, two, calls, tmp_path):
        (tmp_path / "r.json.part").mkdir()
        refused(run("compare", *two, "--json", tmp_path / "r.json"), "r.json.part is in the way")

    @pytest.mark.parametrize("name", ["b.html", "new.html", "sub/new.html"])
    def test_nothing_is_written_into_a_folder_of_articles(self, run, two, calls, tmp_path, name):
        refused(run("compare", tmp_path, "--html", tmp_path / name), "--html", "a folder of articles to read")
        refused(run("compare", tmp_path, "--csv", tmp_path), "--csv", "a folder of articles to read")
        assert calls == []

    @pytest.mark.parametrize("link", ["hard", "soft"])
    def test_an_article_under_another_name(self, run, two, calls, tmp_path, link):
        other = tmp_path / "other.html"
        other.hardlink_to(two[1]) if link == "hard" else other.symlink_to(two[1])
        refused(run("compare", *two, "--html", other), "is one of the articles to read")

    def test_a_table_of_articles_is_not_written_over(self, run, two, calls, tmp_path):
        (tmp_path / "articles.csv").write_text("text\nA.\nB.\n", encoding="utf-8")
        refused(run("compare", tmp_path / "articles.csv", "--csv", tmp_path), "--csv", "articles.csv is one of the art")
        assert (tmp_path / "articles.csv").read_text(encoding="utf-8") == "text\nA.\nB.\n"

    def test_the_neighbour_of_an_output_is_not_an_article(self, run, two, calls, tmp_path):
        (tmp_path / "r.json.part").write_text(WIRE, encoding="utf-8")
        refused(run("compare", two[0], tmp_path / "r.json.part", "--json", tmp_path / "r.json"), "one of the articles")

    def test_the_config_file_is_not_written_over(self, run, two, calls, tmp_path):
        (tmp_path / "o.yaml").write_text("any_language: true\n", encoding="utf-8")
        refused(run("align", *two, "--config", tmp_path / "o.yaml", "--json", tmp_path / "o.yaml"), "the config file")

    def test_tables_keep_clear_of_other_outputs(self, run, two, calls, tmp_path):
        csv = tmp_path / "t"
        for option, file in (("--csv", "points.csv"), ("--parquet", "points.parquet"), ("--sheet", "codebook.md")):
            for other in (csv / file, csv):
                refused(run("compare", *two, "--json", other, option, csv), option, "--json writes there too")

    def test_folders_may_be_one(self, run, two, calls, tmp_path):
        all_in = tmp_path / "t"
        assert run("compare", *two, "--csv", all_in, "--parquet", all_in, "--sheet", all_in, "--quiet")[0] == 0
        assert {"points.csv", "points.parquet", "sheet.csv", "codebook.md"} <= {p.name for p in all_in.iterdir()}

    @pytest.mark.parametrize("option", ["--html", "--json", "--csv", "--config"])
    def test_an_empty_name(self, run, two, calls, option):
        refused(run("compare", *two, option, ""), option, "empty name")

    def test_an_empty_place(self, run, two, calls):
        refused(run("compare", two[0], ""), "PLACES: number 2 is empty")

    @pytest.mark.parametrize(
        ("option", "opening"), [("--json", "{"), ("--html", "<!"), ("--markdown", "# "), ("--annotations", "{")]
    )
    def test_a_result_on_standard_output_is_alone_there(self, run, two, calls, tmp_path, monkeypatch, option, opening):
        monkeypatch.chdir(tmp_path)
        code, out, err = run("compare", *two, option, "-", "--csv", "tables")
        assert (code, err) == (0, "")
        assert out.startswith(opening)
        assert "wrote" not in out
        assert (tmp_path / "tables" / "points.csv").is_file()
        assert not (tmp_path / "-").exists()

    @pytest.mark.parametrize("command", ["summarize", "align"])
    @pytest.mark.parametrize("name", ["-", "/dev/stdout"])
    def test_parts_on_standard_output(self, run, two, calls, command, name):
        code, out, err = run(command, *two, "--outlet", "Süd", "--outlet", "Wire", "--json", name)
        assert (code, err) == (0, "")
        assert len(json.loads(out)) == 2

    def test_standard_output_is_utf_8_whatever_the_terminal(self, two, calls, monkeypatch):
        page = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(page, encoding="ascii"))
        assert cli.main(["compare", *two, "--outlet", "Süd", "--outlet", "Wire", "--json", "-"]) == 0
        assert "Süd" in page.getvalue().decode("utf-8")

    def test_standard_output_that_is_full(self, two, calls, monkeypatch, capsys):
        class Full(io.BytesIO):
            def write(self, _):
                raise OSError(28, "No space left on device")

        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Full(), encoding="utf-8"))
        assert cli.main(["compare", *two, "--json", "-"]) == 2
        assert capsys.readouterr().err.startswith("samestory: standard output: cannot be read or written: No space")

    def test_standard_output_takes_one_result(self, run, two, calls):
        refused(run("compare", *two, "--json", "-", "--html", "-"), "--html writes there too")
        refused(run("compare", *two, "--markdown", "-", "--annotations", "-"), "--annotations", "writes there too")
        for option in ("--csv", "--parquet", "--sheet"):
            refused(run("compare", *two, option, "-"), option, "standard output")

    def test_a_pipe_is_written_straight(self, run, two, calls, tmp_path):
        pipe = tmp_path / "pipe"
        os.mkfifo(pipe)
        reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            assert run("align", *two, "--json", pipe, "--quiet") == (0, "", "")
            assert json.loads(os.read(reader, 60_000))
        finally:
            os.close(reader)
        assert pipe.is_fifo()

    def test_all_is_rendered_before_any_is_written(self, run, two, calls, tmp_path, monkeypatch):
        def fail(*_):
            raise StoryError("no tables today")

        monkeypatch.setattr("toolkit.report.tables._csv", fail)
        outputs = ("--html", tmp_path / "r.html", "--json", tmp_path / "r.json", "--csv", tmp_path / "t")
        outputs += ("--parquet", tmp_path / "t", "--markdown", tmp_path / "r.md", "--sheet", tmp_path / "s")
        assert run("compare", *two, *outputs)[0] == 2
        assert sorted(tmp_path.iterdir()) == sorted(Path(p) for p in two)

    def test_two_outputs_in_one_place(self, run, two, calls, tmp_path):
        refused(run("compare", *two, "--json", tmp_path / "r", "--html", tmp_path / "r"), "--html writes there too")

    def test_an_article_is_never_written_over(self, run, two, calls):
        refused(run("compare", *two, "--html", two[1]), "is one of the articles to read")

    def test_a_name_the_file_system_refuses(self, run, two, calls):
        refused(run("compare", *two, "--html", "x" * 300), "cannot be written")
        refused(run("compare", "x" * 300, "--html", "r.html"), "cannot be read")

    def test_an_error_on_the_way_leaves_nothing(self, run, two, calls, tmp_path, monkeypatch):
        def fail(*_, **__):
            raise StoryError("two reports are wanted,\n  and one was given")

        monkeypatch.setattr(sys.modules["toolkit.compare"], "compare", fail)
        before = sorted(tmp_path.iterdir())
        refused(run("compare", *two, "--html", tmp_path / "new" / "r.html"), "wanted, and one was given")
        assert sorted(tmp_path.iterdir()) == before


class TestReport:
    """A saved result in every form, without a model."""

    @pytest.fixture
    def saved(self, run, two, calls, tmp_path, monkeypatch):
        assert run("compare", *two, "--outlet", "Port", "--outlet", "Wire", "--json", tmp_path / "r.json", "-q")[0] == 0
        monkeypatch.setitem(sys.modules, "toolkit.compare", None)  # whoever imports the engine now fails
        return tmp_path / "r.json"

    def test_every_form_is_that_of_the_result(self, run, saved, tmp_path):
        out = tmp_path / "out"
        files = {"--html": "r.html", "--json": "r.json", "--markdown": "r.md", "--annotations": "a.json"}
        options = [x for option, name in files.items() for x in (option, out / name)]
        folders = [x for option in ("--csv", "--parquet", "--sheet") for x in (option, out / option[2:])]
        code, said, err = run("report", saved, *options, *folders)
        assert (code, err) == (0, "")
        assert said.count("wrote ") == 7
        comparison = Comparison.from_json(saved)
        assert (out / "r.json").read_bytes() == saved.read_bytes()
        assert (out / "r.html").read_text(encoding="utf-8") == comparison.to_html()
        assert (out / "r.md").read_text(encoding="utf-8") == comparison.to_markdown()
        assert (out / "a.json").read_text(encoding="utf-8") == comparison.to_annotations()
        for folder, write in (("csv", "to_csv"), ("parquet", "to_parquet"), ("sheet", "to_coding_sheet")):
            paths = getattr(comparison, write)(tmp_path / "own" / folder)
            assert [p.read_bytes() for p in paths] == [(out / folder / p.name).read_bytes() for p in paths]

    def test_alone_it_prints_the_report(self, run, saved):
        assert run("report", saved)[1].startswith("Port · Wire\n")

    def test_the_result_is_not_written_over(self, run, saved):
        before = saved.read_bytes()
        refused(run("report", saved, "--markdown", saved), "--markdown", "one of the files to read")
        assert saved.read_bytes() == before

    def test_a_result_that_is_none(self, run, two, tmp_path):
        refused(run("report", tmp_path / "none.json"), "none.json", "cannot be read")
        refused(run("report", two[0], "--html", tmp_path / "r.html"), "a.txt", "not a samestory/comparison/1 document")
        refused(run("report", ""), "RESULT: got an empty name")
        assert not (tmp_path / "r.html").exists()

    @pytest.mark.parametrize("option", [("--blind",), ("--sample", "5"), ("--controls", "2")])
    def test_options_of_the_sheet_want_the_sheet(self, run, two, saved, calls, option):
        refused(run("report", saved, *option), "give --sheet DIR too")
        refused(run("compare", *two, *option), "give --sheet DIR too")
        refused(run("report", saved, "--sheet", "s", "--sample", "0"), "--sample")


class TestAgreement:
    @pytest.fixture
    def study(self, tmp_path):
        """A result with two differences, and the sheets of two coders who agree on one of them."""
        one, two = (
            Document.from_sentences(["Crews shut it.", text], article_id=name, outlet=name)
            for name, text in (("A", "It was a pause."), ("B", "It was a failure."))
        )
        points = tuple(
            Point(
                f"p{n + 1}",
                "It",
                tuple(PointSentence(d.id, n, d.sentences[n].start, d.sentences[n].end) for d in (one, two)),
            )
            for n in (0, 1)
        )
        spans = [(one.span(15, 29, sentence=1), two.span(15, 31, sentence=1)), (one.span(0, 5, sentence=0),)]
        found = (
            Difference("d1", "naming", "p2", spans[0], (), 2, 0.9, "Why."),
            Difference("d2", "omission", "p1", spans[1], ("B",), 1, 0.5, "Why.", (Absence("B", "absent", 0.9, None),)),
        )
        result = Comparison((one, two), (), points, found, Coverage(("A", "B"), ("p1", "p2"), ((True,) * 2,) * 2), ())
        result.to_json(tmp_path / "r.json")
        sheet = result.to_coding_sheet(tmp_path / "s", blind=True)[1].read_text(encoding="utf-8-sig")
        for coder, codes in (("anna", "yes,naming,2,"), ("ben", "no,,,")):
            head, first, second = sheet.splitlines()
            lines = [head, first.removesuffix(",,,") + codes, second.removesuffix(",,,") + "yes,,1,"]
            (tmp_path / f"{coder}.csv").write_text("\n".join(lines), encoding="utf-8")
        return tmp_path / "r.json", tmp_path / "anna.csv", tmp_path / "ben.csv"

    def test_it_prints_the_tables(self, run, study, tmp_path):
        code, out, err = run("agreement", *study, "--json", tmp_path / "a.json")
        assert (code, err) == (0, "")
        assert out.startswith("2 findings and 0 controls, coded by anna, ben\n")
        assert "anna and ben" in out
        assert f"wrote {tmp_path / 'a.json'}" in out
        made = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))
        assert made["coders"] == ["anna", "ben"]
        assert run("agreement", *study, "--quiet") == (0, "", "")

    def test_json_on_standard_output_is_alone_there(self, run, study):
        assert json.loads(run("agreement", *study, "--json", "-")[1])["findings"] == 2

    def test_what_cannot_be_read(self, run, study, tmp_path):
        result, anna, _ = study
        refused(run("agreement", result), "SHEETS")
        refused(run("agreement", result, tmp_path / "carl.csv"), "carl.csv", "cannot be read")
        refused(run("agreement", result, anna, anna), "'anna' was read before")
        refused(run("agreement", result, anna, "--json", anna), "--json", "one of the files to read")
        anna.write_text(anna.read_text(encoding="utf-8").replace("yes", "jein", 1), encoding="utf-8")
        refused(run("agreement", result, anna), "anna.csv: row 2, column valid: 'jein' is no code")


class TestParts:
    def test_summarize(self, run, two, calls, tmp_path):
        out_file = tmp_path / "s.json"
        code, out, _ = run("summarize", *two, "--outlet", "Port News", "--outlet", "[Wire]", "--json", out_file)
        assert code == 0
        assert "Port News" in out
        assert "[Wire]" in out, "a name is never read as markup"
        assert "[not borne out by the article: name “ferry”]" in out.replace("\n", " ")
        assert [s["system"] for s in json.loads(out_file.read_text(encoding="utf-8"))] == ["lead", "lead"]
        assert run("summarize", *two, "--quiet") == (0, "", "")

    def test_summarize_a_story(self, run, two, calls, tmp_path):
        out_file = tmp_path / "s.json"
        code, out, _ = run("summarize", *two, "--story", "--outlet", "[Port]", "--outlet", "Wire", "--json", out_file)
        assert code == 0
        assert "Told by all\n- A ferry [sank]. ([Port], Wire)\nTold by some\n- nothing\n" in out
        assert json.loads(out_file.read_text(encoding="utf-8"))["agreed"][0]["agreement"] == 0.9

    def test_a_name_cannot_steer_the_terminal(self, run, two, calls):
        for command in ("summarize", "align"):
            code, out, _ = run(command, *two, "--outlet", "Port\x1b[2J News", "--outlet", "Wire")
            assert code == 0
            assert "\x1b" not in out
        refused(run("compare", "no\x1b[31mwhere.txt", two[0]), "no [31mwhere.txt")

    def test_a_letter_the_terminal_cannot_show(self, two, calls, monkeypatch):
        page = io.BytesIO()
        monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(page, encoding="ascii"))
        assert cli.main(["summarize", *two, "--outlet", "Süddeutsche", "--outlet", "Wire"]) == 0
        assert b"S?ddeutsche" in page.getvalue()

    def test_align(self, run, two, calls, tmp_path):
        out_file = tmp_path / "p.json"
        code, out, _ = run("align", *two, "--outlet", "Port News", "--outlet", "Wire", "--json", out_file)
        assert code == 0
        assert "Port News: The harbour ferry" in out
        assert [p["id"] for p in json.loads(out_file.read_text(encoding="utf-8"))] == ["p1", "p2"]
        assert run("align", *two, "--quiet") == (0, "", "")

    @pytest.mark.parametrize("what", ["comparison", "config"])
    def test_schema(self, run, what):
        code, out, _ = run("schema", what)
        assert code == 0
        assert json.loads(out)["type"] == "object"


class TestBadInput:
    """The real engine, given what people give it."""

    def test_no_such_file(self, run, two):
        refused(run("compare", two[0], "nowhere.txt"), "nowhere.txt")

    def test_empty_file(self, run, two, tmp_path):
        (tmp_path / "empty.txt").write_bytes(b"")
        refused(run("compare", two[0], tmp_path / "empty.txt"), "empty.txt")

    def test_blank_file(self, run, two, tmp_path):
        (tmp_path / "blank.txt").write_bytes(b" \r\n\t\n")
        refused(run("compare", two[0], tmp_path / "blank.txt"), "blank.txt")

    def test_binary_file(self, run, two, tmp_path):
        (tmp_path / "picture.txt").write_bytes(bytes(range(256)) * 8)
        refused(run("compare", two[0], tmp_path / "picture.txt"), "picture.txt")

    def test_unreadable_html(self, run, two, tmp_path):
        (tmp_path / "page.html").write_text("<html><body><script>go()</script></body></html>", encoding="utf-8")
        refused(run("compare", two[0], tmp_path / "page.html"), "page.html")

    def test_empty_folder(self, run, tmp_path):
        (tmp_path / "none").mkdir()
        refused(run("compare", tmp_path / "none"), "none")

    def test_one_article_only(self, run, two):
        refused(run("compare", two[0]))

    def test_unknown_config_key_is_named_with_the_choices(self, run, two, tmp_path):
        (tmp_path / "bad.yaml").write_text("sumarizer: {kind: extractive}\n", encoding="utf-8")
        refused(run("compare", *two, "--config", tmp_path / "bad.yaml"), "bad.yaml", "sumarizer", "summarizer")

    def test_config_that_is_not_there(self, run, two, tmp_path):
        refused(run("compare", *two, "--config", tmp_path / "none.yaml"), "none.yaml")

    def test_an_address_nobody_answers(self, run, two):
        refused(run("compare", two[0], "http://127.0.0.1:9/report"), "http://127.0.0.1:9/report")

    def test_another_language_is_named_and_any_language_goes_on(self, run, two, tmp_path):
        (tmp_path / "de.txt").write_text(GERMAN, encoding="utf-8")
        refused(run("compare", two[0], tmp_path / "de.txt"), "de", "any")
        code, _, err = run("compare", two[0], tmp_path / "de.txt", "--any-language", "--quiet")
        assert (code, err) == (0, "")

    def test_identical_articles_are_a_result(self, run, two, tmp_path):
        (tmp_path / "copy.txt").write_text(FERRY, encoding="utf-8")
        code, out, err = run("compare", two[0], tmp_path / "copy.txt", "--json", tmp_path / "r.json")
        assert (code, err) == (0, "")
        assert "identical" in out
        assert Comparison.from_json(tmp_path / "r.json").differences == ()

    def test_the_parts_run(self, run, two):
        for command in ("summarize", "align", "compare"):
            code, out, err = run(command, *two, "--outlet", "Port News", "--outlet", "Wire")
            assert (code, err) == (0, "")
            assert "Port News" in out


def test_every_error_of_the_toolkit_is_caught(run, two, calls, monkeypatch):
    kinds = SamestoryError.__subclasses__()
    assert len(kinds) >= 7
    for kind in kinds:

        def fail(*_, kind=kind, **__):
            raise kind("what was got")

        monkeypatch.setattr(sys.modules["toolkit.compare"], "compare", fail)
        refused(run("compare", *two), "what was got")
