"""Coders' filled sheets read back, whatever a spreadsheet made of the file."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from toolkit.errors import CodingError
from toolkit.report.coding import CODED, CodedKind
from toolkit.types import KINDS

Valid = Literal["yes", "no", "unclear"]
VALID: tuple[Valid, ...] = get_args(Valid)
CODED_KINDS: tuple[CodedKind, ...] = (*KINDS, "none")
STRENGTH = (1, 2, 3)
SHOWN = 5  # mistakes named in one message
_ALLOWED = {"valid": VALID, "kind": CODED_KINDS, "strength": tuple(map(str, STRENGTH))}
_ROUND = re.compile(r"([123])[.,]0+")  # what some spreadsheets make of a whole number


@dataclass(frozen=True, slots=True)
class Code:
    """What a coder says of one finding; None where a cell was left empty.

    Args:
        finding: Id of the finding.
        valid: Whether it is a difference that a careful reader would count.
        kind: Its kind; `none` where it is no difference, so too where `valid` is `no` and the cell was left empty.
        strength: 1, 2 or 3.
        note: In the coder's words.
    """

    finding: str
    valid: Valid | None
    kind: CodedKind | None
    strength: int | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class CodedSheet:
    """One coder's codes, in the order of the sheet; `coder` is the name of the file, without its ending."""

    coder: str
    codes: tuple[Code, ...]

    def __repr__(self) -> str:
        return f"<CodedSheet of {self.coder!r}, {len(self.codes)} findings>"


def read_codes(paths: str | Path | Sequence[str | Path]) -> tuple[CodedSheet, ...]:
    """Reads filled sheets, one a coder.

    Comma, semicolon and tab may separate the cells; the text may be UTF-8 with or without a byte order mark, UTF-16
    with one, or else is taken for Windows-1252. Codes may be in capitals; columns may have changed places, and those
    that are not codes are not read. Empty rows are passed over.

    Args:
        paths: One file or several.

    Raises:
        CodingError: If a file cannot be read, lacks a column, has a code that is not allowed, a finding twice or no
            code at all, or if two coders have one name; the message names file, row, column and allowed codes.
    """
    paths = [paths] if isinstance(paths, (str, Path)) else paths
    if not paths:
        raise CodingError("no coder's sheet given; expected one file a coder")
    sheets: dict[str, CodedSheet] = {}
    for path in map(Path, paths):
        if path.stem in sheets:
            raise CodingError(f"{path}: a sheet of {path.stem!r} was read before; give each coder's file its own name")
        sheets[path.stem] = CodedSheet(path.stem, _read(path))
    return tuple(sheets.values())


def _read(path: Path) -> tuple[Code, ...]:
    rows = _rows(path)
    mistakes, codes, seen = [], [], dict[str, int]()
    for number, cells in rows:
        name = cells["finding"]
        if not name:
            mistakes.append(f"row {number}: a row with codes has no finding; put back what the sheet had there")
            continue
        if name in seen:
            mistakes.append(f"row {number}, column finding: {name!r} stands in row {seen[name]} too; keep one of them")
        seen.setdefault(name, number)
        for column, allowed in _ALLOWED.items():
            if cells[column] and cells[column] not in allowed:
                said = f"{cells[column]!r} is no code; expected {', '.join(allowed)} or nothing"
                mistakes.append(f"row {number}, column {column}: {said}")
        codes.append((name, cells))
    if mistakes:
        more = f"; and {len(mistakes) - SHOWN} more" if len(mistakes) > SHOWN else ""
        raise CodingError(f"{path}: {'; '.join(mistakes[:SHOWN])}{more}")
    made = tuple(_code(name, cells) for name, cells in codes)
    if not any(c.valid or c.kind or c.strength for c in made):
        raise CodingError(f"{path}: no row has a code; expected the columns valid, kind and strength filled in")
    return made


def _code(name: str, cells: dict[str, str]) -> Code:
    valid = next((v for v in VALID if v == cells["valid"]), None)
    kind = next((k for k in CODED_KINDS if k == cells["kind"]), None)
    if kind is None and valid == "no":
        kind = "none"
    return Code(name, valid, kind, int(cells["strength"]) if cells["strength"] else None, cells["note"])


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The number of each row that is not empty, as a spreadsheet counts, and its cells of interest."""
    text = _text(path)
    wanted = ("finding", *CODED)
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise CodingError(f"{path}: cannot be read as a table: {error}") from error
    head = [cell.strip().casefold() for cell in rows[0]] if rows else []
    if missing := [name for name in wanted[:-1] if name not in head]:
        raise CodingError(
            f"{path}: no column {', '.join(missing)}; expected a sheet as samestory wrote it, saved as CSV, "
            f"with the columns {', '.join(wanted)}"
        )
    if twice := [name for name in wanted if head.count(name) > 1]:
        raise CodingError(f"{path}: the column {', '.join(twice)} is there twice; keep one of them")
    places = {name: head.index(name) for name in wanted if name in head}
    for number, row in enumerate(rows[1:], start=2):
        if not any(cell.strip() for cell in row):
            continue
        cells = {name: row[places[name]].strip() if places.get(name, len(row)) < len(row) else "" for name in wanted}
        codes = {name: cells[name].casefold() for name in _ALLOWED}
        yield number, {**cells, **codes, "strength": _ROUND.sub(r"\1", codes["strength"])}


def _text(path: Path) -> str:
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:
        raise CodingError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", "replace")
    if data.startswith(b"PK\x03\x04"):
        raise CodingError(f"{path}: is a workbook, not a CSV file; save the sheet as CSV")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:  # all that is read of it is ASCII but the notes
        return data.decode("cp1252", "replace")
