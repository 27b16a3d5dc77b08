"""What docs/exports.md says: its Python runs, and it names every column."""

import csv
import re
from pathlib import Path

import pytest

from toolkit.report.coding import sheet_files
from toolkit.report.tables import COLUMNS, TABLES

PAGE = (Path(__file__).parents[2] / "docs" / "exports.md").read_text(encoding="utf-8")


def test_the_python_runs_on_a_result_and_filled_sheets(bridge, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    bridge.to_json("result.json")
    for coder in ("anna", "ben"):
        rows = list(csv.DictReader(sheet_files(bridge, blind=True)["sheet.csv"].decode("utf-8-sig").splitlines()))
        with Path(f"{coder}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, rows[0])
            writer.writeheader()
            writer.writerows({**row, "valid": "yes"} for row in rows)
    (block,) = re.findall(r"^```python\n(.*?)^```", PAGE, re.M | re.S)
    exec(compile(block, "docs/exports.md", "exec"), {"__name__": "exports"})  # the document's own code is tested
    assert capsys.readouterr().out.startswith("3 findings and 0 controls, coded by anna, ben")
    assert {p.name for p in (tmp_path / "study").iterdir()} == {"codebook.md", "sheet.csv"}


@pytest.mark.parametrize("table", TABLES)
def test_every_column_is_named(table):
    (row,) = re.findall(rf"^\| `{table}` \|.*$", PAGE, re.M)
    named = {*re.findall(r"`([a-z_<>]+)`", row)} - {table}
    wanted = {re.sub(r"^(differences|voices)_.*", r"\1_<kind>", column) for column in COLUMNS[table]}
    assert wanted <= named | {table}
