import csv
import io
from itertools import permutations
from math import isnan

import numpy as np
import pytest

from toolkit.errors import CodingError, ConfigError, OutputError
from toolkit.report.agreement import agreement
from toolkit.report.codes import CODED_KINDS, VALID, read_codes
from toolkit.report.coding import CODED, TOOL, control_findings, findings, sheet_files
from toolkit.report.intervals import wilson
from toolkit.types import KINDS


def rows_of(data):
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.fixture
def sheet():
    """The rows of the sheet that is made with these options."""
    return lambda comparison, **options: rows_of(sheet_files(comparison, **options)["sheet.csv"])


@pytest.fixture
def study(stories):
    """Two reports of forty sentences: thirty differences of three kinds, and ten pairs the tool passed over."""
    left = tuple(f"Crew {n} shut gate {n} in the early hours of the day." for n in range(40))
    right = tuple(f"Workers {n} closed gate {n} late on that day." for n in range(40))
    one, two = (stories.document(s, id=i, outlet=i.title()) for s, i in ((left, "left"), (right, "right")))
    points = tuple(stories.point(f"p{n + 1}", (one, n), (two, n)) for n in range(40))
    kinds = ("naming", "wording", "figure")
    differences = tuple(
        stories.Difference(
            f"d{n + 1}", kinds[n % 3], f"p{n + 1}",
            (stories.span(one, n, "shut"), stories.span(two, n, "closed")), (), 1 + n % 3, 0.9 - n / 100, "Why.",
        )
        for n in range(30)
    )  # fmt: skip
    return stories.assemble((one, two), points, differences)


@pytest.fixture
def fill(tmp_path):
    """Writes a coder's filled sheet: the answers are (valid, kind, strength) by finding."""

    def write(coder, answers, *, delimiter=",", encoding="utf-8-sig", columns=("finding", *CODED), newline="\r\n"):
        lines = [delimiter.join(columns)]
        for finding, codes in answers.items():
            cells = dict(zip(("finding", *CODED), (finding, *codes, "", "", "")[:5], strict=True))
            lines.append(delimiter.join(str(cells.get(c, "")) for c in columns))
        path = tmp_path / f"{coder}.csv"
        path.write_bytes((newline.join(lines) + newline).encode(encoding))
        return path

    return write


class TestSheet:
    def test_one_row_a_finding_with_both_sides_words_and_sentences(self, bridge, sheet):
        rows = sheet(bridge)
        assert [r["difference"] for r in rows] == ["d1", "d2", "d3"]
        assert list(rows[0])[: 2 + len(TOOL)] == ["finding", *TOOL, "point"]
        assert list(rows[0])[-4:] == list(CODED)
        first = rows[0]
        assert (first["outlet_2"], first["words_2"]) == ("Wire", "a precaution")
        assert first["sentence_3"] == "The minister admitted the closure was a failure."
        assert (first["tool_kind"], first["tool_strength"], first["tool_confidence"]) == ("naming", "3", "0.81")
        assert all(r[c] == "" for r in rows for c in CODED)

    def test_an_omission_shows_the_silent_reports_without_words(self, bridge, sheet):
        row = sheet(bridge)[2]
        assert (row["outlet_1"], row["words_1"]) == ("Regional Paper", "Farmers said nobody had warned them.")
        assert (row["outlet_2"], row["words_2"]) == ("State Agency", "")
        assert row["sentence_2"] == "The works will finish in six days."
        assert (row["outlet_3"], row["words_3"], row["sentence_3"]) == ("Wire", "", "")

    def test_blind_hides_every_code_of_the_tool_and_the_order(self, study, sheet):
        rows = sheet(study, blind=True, controls=10)
        assert not {*TOOL} & {*rows[0]}
        assert len(rows) == 40
        order = [f.id for f in findings(study)]
        assert [r["finding"] for r in rows if r["finding"] in order] != order
        joined = str(rows).casefold()
        assert "why." not in joined
        assert not any(word in joined for word in (*KINDS, "control", "0.9"))
        controls = {f.id for f in control_findings(study)}
        places = [n for n, r in enumerate(rows) if r["finding"] in controls]
        assert places[0] < 20 < places[-1], "controls stand among the others"

    def test_draws_are_those_of_the_seed(self, study):
        one, again = (sheet_files(study, blind=True, n=12, controls=5, seed=3) for _ in range(2))
        other = sheet_files(study, blind=True, n=12, controls=5, seed=4)
        assert one == again
        assert one["sheet.csv"] != other["sheet.csv"]
        assert len(rows_of(one["sheet.csv"])) == 17

    def test_more_than_there_is_is_all_there_is(self, study, sheet):
        assert len(sheet(study, n=1000, controls=1000)) == 40

    def test_a_row_has_one_name_blind_or_not_and_each_its_own(self, study, sheet):
        names = [r["finding"] for r in sheet(study, controls=10)]
        assert len({*names}) == 40
        assert {r["finding"] for r in sheet(study, blind=True, controls=10, seed=9)} == {*names}

    def test_controls_are_pairs_without_a_difference_and_look_like_findings(self, study, bridge):
        made = control_findings(study)
        assert [f.point for f in made] == [f"p{n}" for n in range(31, 41)]
        assert [s.text for s in made[0].sides] == ["in the early hours of the", "late on that"]
        for story in (study, bridge):
            for f in control_findings(story):
                assert f.kind == "none"
                assert all(story.article(s.article).text[s.start : s.end] == s.text for s in f.sides)
        assert {f.point for f in control_findings(bridge)} == {"p1"}

    def test_no_text_becomes_a_formula_or_steers_a_terminal(self, hostile, sheet):
        raw = sheet_files(hostile)["sheet.csv"].decode("utf-8-sig")
        assert not {"\x1b", "\u202e", "\x00"} & {*raw}
        assert sheet(hostile)[0]["outlet_2"] == "'=cmd()"

    def test_nothing_found_makes_an_empty_sheet(self, twins, sheet):
        assert sheet(twins, blind=True, controls=5) == []
        assert b"finding" in sheet_files(twins)["sheet.csv"]

    def test_the_codebook_has_every_code(self, bridge):
        book = sheet_files(bridge)["codebook.md"].decode("utf-8")
        assert all(f"| `{code}` |" in book for code in (*VALID, *CODED_KINDS, "1", "2", "3"))

    @pytest.mark.parametrize("options", [{"n": 0}, {"controls": -1}, {"seed": -1}])
    def test_options_that_make_no_sense(self, bridge, options):
        with pytest.raises(ConfigError, match=r"coding sheet: \w+ is -?\d; expected \d or more"):
            sheet_files(bridge, **options)

    def test_both_files_are_written_or_none(self, bridge, tmp_path):
        paths = bridge.to_coding_sheet(tmp_path / "study", blind=True)
        assert [p.name for p in paths] == ["codebook.md", "sheet.csv"]
        assert paths[1].read_bytes().startswith(b"\xef\xbb\xbf")
        (tmp_path / "out" / "sheet.csv.part").mkdir(parents=True)
        with pytest.raises(OutputError):
            bridge.to_coding_sheet(tmp_path / "out")
        assert [p.name for p in (tmp_path / "out").iterdir()] == ["sheet.csv.part"]


class TestReading:
    @pytest.mark.parametrize("delimiter", [",", ";", "\t"])
    @pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "utf-16", "cp1252"])
    def test_what_spreadsheets_write(self, fill, delimiter, encoding):
        answers = {"f1": ("Yes", " NAMING ", "2.0", "für später"), "f2": ("no", "", "", ""), "f3": ("", "", "", "")}
        (sheet,) = read_codes(fill("anna", answers, delimiter=delimiter, encoding=encoding))
        assert sheet.coder == "anna"
        assert [(c.valid, c.kind, c.strength) for c in sheet.codes] == [
            ("yes", "naming", 2),
            ("no", "none", None),
            (None, None, None),
        ]
        assert sheet.codes[0].note == "für später"

    def test_the_sheet_as_written_filled_in(self, bridge, tmp_path):
        _, path = bridge.to_coding_sheet(tmp_path / "study")
        rows = rows_of(path.read_bytes())
        for row in rows:
            row.update(valid="YES", kind=row["tool_kind"], strength=row["tool_strength"])
        with (tmp_path / "anna.csv").open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, sorted(rows[0]), delimiter=";")  # columns have changed places
            writer.writeheader()
            writer.writerows([*rows[::-1], dict.fromkeys(rows[0], "")])
        (sheet,) = read_codes(tmp_path / "anna.csv")
        assert [(c.finding, c.kind) for c in sheet.codes] == [(f.id, f.kind) for f in findings(bridge)[::-1]]

    @pytest.mark.parametrize(
        ("answers", "message"),
        [
            ({"f1": ("maybe",)}, "row 2, column valid: 'maybe' is no code; expected yes, no, unclear or nothing"),
            ({"f1": ("yes", "tone")}, "row 2, column kind: 'tone' is no code; expected naming, wording, attribution"),
            ({"f1": ("yes",), "f2": ("yes", "", "4")}, "row 3, column strength: '4' is no code; expected 1, 2, 3"),
            ({"f1": ("yes",), " f1": ("no",)}, "row 3, column finding: 'f1' stands in row 2 too"),
            ({"": ("yes",)}, "row 2: a row with codes has no finding"),
            ({"f1": ("", "", "", "a note")}, "no row has a code"),
            ({f"f{n}": ("x",) for n in range(9)}, "; and 4 more"),
        ],
    )
    def test_a_mistake_is_named_with_its_place(self, fill, answers, message):
        with pytest.raises(CodingError) as caught:
            read_codes(fill("anna", answers))
        assert "anna.csv: " in str(caught.value)
        assert message in str(caught.value)

    def test_columns_that_are_missing_or_twice(self, fill):
        with pytest.raises(CodingError, match="no column kind, strength; expected a sheet as samestory wrote it"):
            read_codes(fill("anna", {"f1": ("yes",)}, columns=("finding", "valid", "note")))
        with pytest.raises(CodingError, match="the column valid is there twice"):
            read_codes(fill("anna", {"f1": ("yes",)}, columns=("finding", *CODED, "valid")))

    @pytest.mark.parametrize(
        "data",
        [
            b"",
            b"\xff\xfe\x00",
            b"PK\x03\x04 a workbook",
            b"finding,valid,kind,strength\nx" + b"y" * 200_000,
            b'"finding',
            bytes(range(256)),
        ],
    )
    def test_files_that_are_no_sheet(self, tmp_path, data):
        (tmp_path / "anna.csv").write_bytes(data)
        with pytest.raises(CodingError, match=r"anna\.csv: "):
            read_codes(tmp_path / "anna.csv")

    def test_a_file_that_is_not_there_and_none_at_all(self, tmp_path):
        with pytest.raises(CodingError, match=r"none\.csv: cannot be read: No such file"):
            read_codes(tmp_path / "none.csv")
        with pytest.raises(CodingError, match="no coder's sheet given"):
            read_codes([])

    def test_two_coders_of_one_name(self, fill):
        path = fill("anna", {"f1": ("yes",)})
        with pytest.raises(CodingError, match="a sheet of 'anna' was read before"):
            read_codes([path, path])


def by_definition(units, *, ordinal):
    """Krippendorff's alpha by its definition: every pair of values of a unit against every pair of values at all."""
    units = [u for u in units if len(u) > 1]
    values = [v for u in units for v in u]
    count = {v: values.count(v) for v in values}

    def distance(a, b):
        if not ordinal:
            return float(a != b)
        low, high = sorted((a, b))
        return (sum(n for v, n in count.items() if low <= v <= high) - (count[a] + count[b]) / 2) ** 2

    observed = sum(sum(distance(a, b) for a, b in permutations(u, 2)) / (len(u) - 1) for u in units) / len(values)
    expected = sum(distance(a, b) for a, b in permutations(values, 2)) / (len(values) * (len(values) - 1))
    return 1 - observed / expected


class TestAgreement:
    @pytest.fixture
    def coded(self, study, fill):
        """Three coders: anna as the tool in most, ben noisier, carla half done; and what each said."""
        rng = np.random.default_rng(7)
        said = {}
        for coder, noise in (("anna", 0.1), ("ben", 0.3), ("carla", 0.2)):
            answers = {}
            for n, f in enumerate((*findings(study), *control_findings(study))):
                if coder == "carla" and n % 2:
                    continue
                own = ("yes", f.kind, f.difference.strength) if f.difference else ("no", "none", "")
                other = ("no", "none", "") if f.difference else ("yes", "wording", int(rng.integers(1, 4)))
                answers[f.id] = other if rng.random() < noise else own
            said[coder] = answers
        return said, read_codes([fill(coder, answers) for coder, answers in said.items()])

    @pytest.mark.parametrize(("column", "place"), [("valid", 0), ("kind", 1), ("strength", 2)])
    def test_alpha_is_that_of_the_definition(self, study, coded, column, place):
        said, sheets = coded
        made = agreement(study, sheets=sheets, samples=50)
        ids = [f.id for f in (*findings(study), *control_findings(study))]
        units = [[a[i][place] for a in said.values() if i in a and a[i][place] != ""] for i in ids]
        found = next(r for r in made.reliability if (r.code, r.between) == (column, ("anna", "ben", "carla")))
        assert found.alpha == pytest.approx(by_definition(units, ordinal=column == "strength"))
        assert found.low <= found.alpha <= found.high
        assert found.units == sum(len(u) > 1 for u in units)
        pairs = [np.mean([a == b for a, b in permutations(u, 2)]) for u in units if len(u) > 1]
        assert found.agreement == pytest.approx(np.mean(pairs))

    def test_the_tool_is_a_coder_too(self, study, coded):
        said, sheets = coded
        made = agreement(study, sheets=sheets, samples=50)
        assert [(r.code, r.between) for r in made.reliability][:4] == [
            ("valid", ("anna", "ben", "carla")),
            ("valid", ("samestory", "anna")),
            ("valid", ("samestory", "ben")),
            ("valid", ("samestory", "carla")),
        ]
        own = {f.id: "yes" if f.difference else "no" for f in (*findings(study), *control_findings(study))}
        units = [[own[i], codes[0]] for i, codes in said["anna"].items()]
        assert made.reliability[1].alpha == pytest.approx(by_definition(units, ordinal=False))

    def test_precision_by_the_majority(self, study, fill):
        shown, passed = findings(study), control_findings(study)
        anna = {f.id: ("yes", f.kind, 1) for f in shown} | {f.id: ("no",) for f in passed}
        ben = {
            **{f.id: ("no",) if f.kind == "naming" else ("yes", "stance", 2) for f in shown},
            **{f.id: ("yes", "wording", 1) for f in passed[:4]},
        }
        carl = {f.id: ("no",) if f.kind == "naming" else ("unclear", "wording") for f in shown}
        sheets = read_codes([fill(*pair) for pair in (("anna", anna), ("ben", ben), ("carl", carl))])
        got = {p.what: p for p in agreement(study, sheets=sheets, samples=10).precision}
        assert [*got] == ["naming", "wording", "figure", "all", "controls"]
        assert (got["naming"].judged, got["naming"].valid, got["naming"].precision) == (10, 0, 0.0)
        assert (got["wording"].valid, got["wording"].same_kind) == (10, 10), "two of three say wording"
        assert (got["figure"].valid, got["figure"].same_kind) == (10, 0), "three coders, three kinds"
        assert (got["all"].judged, got["all"].valid, got["all"].undecided) == (30, 20, 0)
        assert (got["controls"].judged, got["controls"].valid, got["controls"].undecided) == (6, 0, 4)
        assert (got["all"].low, got["all"].high) == wilson(20, n=30)

    def test_wilson_as_published(self):
        # Newcombe 1998, Statistics in Medicine 17:857, table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
        for successes, n, low, high in ((81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0, 0.1611)):
            assert wilson(successes, n=n) == pytest.approx((low, high), abs=5e-5)
        assert all(isnan(end) for end in wilson(0, n=0))

    def test_what_is_not_defined_is_nan_and_says_why(self, study, fill):
        shown = findings(study)
        all_yes = {f.id: ("yes",) for f in shown}
        made = agreement(study, sheets=read_codes([fill("anna", all_yes), fill("ben", all_yes)]))
        valid = made.reliability[0]
        assert valid.agreement == 1.0
        assert isnan(valid.alpha)
        assert valid.undefined.startswith("all codes are the same")
        kind = next(r for r in made.reliability if r.code == "kind")
        assert (kind.units, kind.undefined) == (0, "no finding has two codes")
        text = made.to_text()
        assert "all codes are the same" in text
        assert "nan" not in text
        assert '"alpha": null' in made.to_json()

    def test_no_resample_with_variation_gives_no_interval(self, study, fill):
        one, two = findings(study)[:2]
        sheets = read_codes([fill(coder, {one.id: ("yes",), two.id: ("no",)}) for coder in ("anna", "ben")])
        made = [agreement(study, sheets=sheets, samples=1, seed=seed).reliability[0] for seed in range(8)]
        assert {r.alpha for r in made} == {1.0}
        assert {isnan(r.low) for r in made} == {True, False}
        assert all(isnan(r.low) == (r.undefined == "no interval: no resample has variation") for r in made)

    def test_findings_that_a_sheet_lacks_are_said(self, study, coded):
        made = agreement(study, sheets=coded[1], samples=10)
        assert made.coders == ("anna", "ben", "carla")
        assert (made.findings, made.controls) == (30, 10)
        assert made.notes[0].startswith("carla has no row for 20 findings that others have (f")
        assert "Note: carla has no row" in made.to_text()

    def test_a_sheet_of_another_result(self, study, bridge, fill):
        sheets = read_codes(fill("anna", {f.id: ("yes",) for f in findings(bridge)}))
        with pytest.raises(CodingError, match="anna: 3 of 3 findings are not in this result"):
            agreement(study, sheets=sheets)
        with pytest.raises(ConfigError, match="got 0 sheets"):
            agreement(study, sheets=())

    def test_the_same_numbers_for_the_same_seed(self, study, coded):
        one, again = (agreement(study, sheets=coded[1], samples=40, seed=5) for _ in range(2))
        assert one == again
        assert one != agreement(study, sheets=coded[1], samples=40, seed=6)

    def test_frames_and_text(self, study, coded):
        made = agreement(study, sheets=coded[1], samples=10)
        assert list(made.to_frame()["code"].unique()) == ["valid", "kind", "strength"]
        assert list(made.to_frame("precision")["what"]) == ["naming", "wording", "figure", "all", "controls"]
        lines = made.to_text().splitlines()
        assert lines[0] == "30 findings and 10 controls, coded by anna, ben, carla"
        assert "Krippendorff's alpha" in lines
        assert sum(line.startswith(("valid ", "kind ", "strength ")) for line in lines) == 12

    def test_a_coders_name_cannot_steer_the_terminal(self, study, fill):
        sheets = read_codes(fill("an\x1b[2Jna", {findings(study)[0].id: ("yes",)}))
        assert "\x1b" not in agreement(study, sheets=sheets, samples=5).to_text()

    def test_one_coder_is_compared_with_the_tool_alone(self, study, fill):
        made = agreement(study, sheets=read_codes(fill("anna", {f.id: ("yes", f.kind) for f in findings(study)})))
        assert {r.between for r in made.reliability} == {("samestory", "anna")}
        assert made.reliability[1].alpha == 1.0
        assert "one coder: agreement between people cannot be told" in made.notes
