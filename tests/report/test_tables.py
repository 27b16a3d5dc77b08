import csv
from dataclasses import replace

import pyarrow.parquet as pq
import pytest

from toolkit.errors import OutputError
from toolkit.report.tables import COLUMNS, TABLES, column_type, table_rows, write_csv


def test_every_table_has_its_columns(bridge):
    for table in TABLES:
        rows = table_rows(bridge, table)
        assert rows
        assert all(tuple(row) == COLUMNS[table] for row in rows)


def test_differences_have_one_row_a_side(bridge):
    rows = table_rows(bridge, "differences")
    assert [(r["difference"], r["outlet"], r["text"]) for r in rows[:3]] == [
        ("d1", "State Agency", "a brief pause"),
        ("d1", "Wire", "a precaution"),
        ("d1", "Regional Paper", "a failure"),
    ]
    assert len(rows) == 6
    assert (rows[-1]["absent"], rows[-1]["grades"]) == ("State Agency; Wire", "weaker; not yet known")


def test_coverage_and_profiles(bridge):
    told = {(r["point"], r["outlet"]): r["told"] for r in table_rows(bridge, "coverage")}
    assert told["p3", "Regional Paper"] is False
    assert told["p4", "Regional Paper"] is True
    paper = table_rows(bridge, "profiles")[2]
    assert (paper["alone"], paper["differences_naming"], paper["differences_stance"]) == (1, 1, 0)


def test_names_voices_tones_groups_and_drifts(bridge):
    names = {(r["name"], r["outlet"]): r["count"] for r in table_rows(bridge, "names")}
    assert (names["a precaution", "Wire"], names["a precaution", "State Agency"]) == (1, 0)
    assert next((r["outlet"], r["voice"], r["share"]) for r in table_rows(bridge, "voices")) == (
        "State Agency", "a brief pause", 0.4,
    )  # fmt: skip
    assert [(r["actor"], r["low"], r["high"]) for r in table_rows(bridge, "tones")] == [("Marr", -0.1, 1.0)] * 3
    assert [(r["group"], r["articles"], r["differences_naming"]) for r in table_rows(bridge, "groups")] == [
        ("state", 1, 1), ("rest", 2, 1),
    ]  # fmt: skip
    assert [(r["outlet"], r["place"], r["text"]) for r in table_rows(bridge, "drifts")] == [
        ("State Agency", 1, "a brief pause"), ("Wire", 0, ""),
    ]  # fmt: skip


def test_unknown_table_lists_the_choices(bridge):
    with pytest.raises(ValueError, match="no table 'nonsense'; there are articles, summaries"):
        table_rows(bridge, "nonsense")


def test_frame(bridge):
    assert list(bridge.to_frame().columns) == list(COLUMNS["differences"])


def test_csv_reads_back(bridge, tmp_path):
    paths = write_csv(bridge, tmp_path / "new" / "out")
    assert [p.stem for p in paths] == list(TABLES)
    assert {p.name for p in (tmp_path / "new" / "out").iterdir()} == {f"{t}.csv" for t in TABLES}
    for path in paths:
        with path.open(encoding="utf-8", newline="") as file:
            read = list(csv.DictReader(file))
        assert read == [{k: str(v) for k, v in row.items()} for row in table_rows(bridge, path.stem)]


def test_csv_guards_formulas_in_text_only(hostile, tmp_path):
    paths = {p.stem: p for p in write_csv(hostile, tmp_path)}
    with paths["articles"].open(encoding="utf-8", newline="") as file:
        assert [row["outlet"][:2] for row in csv.DictReader(file)] == ["<s", "'="]
    with paths["summaries"].open(encoding="utf-8", newline="") as file:
        assert next(csv.DictReader(file))["support"] == "0.2"


def test_csv_where_it_cannot_be_written(bridge, tmp_path):
    (tmp_path / "file").write_text("here", encoding="utf-8")
    with pytest.raises(OutputError, match=r"file: cannot be written"):
        write_csv(bridge, tmp_path / "file")
    (tmp_path / "out" / "points.csv.part").mkdir(parents=True)
    with pytest.raises(OutputError):
        write_csv(bridge, tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["points.csv.part"]


def test_parquet_has_the_rows_and_the_types(bridge, hostile, tmp_path):
    for story in (bridge, hostile):
        paths = story.to_parquet(tmp_path / story.articles[0].id)
        assert [p.name for p in paths] == [f"{t}.parquet" for t in TABLES]
        for path in paths:
            assert pq.read_table(path).to_pylist() == table_rows(story, path.stem), "no text is guarded or changed"
    assert sorted(p.name for p in paths[0].parent.iterdir()) == sorted(p.name for p in paths)


def test_parquet_types_are_those_of_the_values_and_stay_where_a_table_is_empty(bridge, twins, tmp_path):
    full = {p.stem: pq.read_schema(p) for p in bridge.to_parquet(tmp_path / "full")}
    empty = {p.stem: pq.read_schema(p) for p in twins.to_parquet(tmp_path / "empty")}
    assert full == empty
    assert table_rows(twins, "differences") == []
    for table in TABLES:
        for row in table_rows(bridge, table):
            for name, value in row.items():
                kind = column_type(name)
                assert type(value) is kind or (kind is float and type(value) is int), (table, name)


def test_parquet_is_the_same_bytes_and_whole_or_not_there(bridge, tmp_path):
    one, two = bridge.to_parquet(tmp_path / "one"), bridge.to_parquet(tmp_path / "two")
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]
    (tmp_path / "out" / "points.parquet.part").mkdir(parents=True)
    with pytest.raises(OutputError):
        bridge.to_parquet(tmp_path / "out")
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["points.parquet.part"]


def test_half_a_character_is_written_as_an_escape(bridge, tmp_path):
    group = replace(bridge.profiles[0], group="half \ud83d")
    made = replace(bridge, profiles=(group, *bridge.profiles[1:]))
    paths = {p.stem: p for p in made.to_parquet(tmp_path)}
    assert pq.read_table(paths["profiles"]).to_pylist()[0]["group"] == "half \\ud83d"
