"""How far human coders agree with each other and with the tool, and how often the tool is right by them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import isnan, nan
from typing import TYPE_CHECKING, Literal

from toolkit.errors import CodingError, ConfigError
from toolkit.report.codes import CODED_KINDS, STRENGTH, VALID, Code, CodedSheet
from toolkit.report.coding import Finding, control_findings, findings
from toolkit.report.intervals import wilson
from toolkit.report.view import visible
from toolkit.types import KINDS

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd
    from numpy.typing import NDArray

    from toolkit.comparison import Comparison

Column = Literal["valid", "kind", "strength"]
Level = Literal["nominal", "ordinal"]
Answer = str | int
TOOL = "samestory"
_ANSWERS: dict[Column, tuple[Answer, ...]] = {"valid": VALID, "kind": CODED_KINDS, "strength": STRENGTH}
_LEVELS: dict[Column, Level] = {"valid": "nominal", "kind": "nominal", "strength": "ordinal"}


@dataclass(frozen=True, slots=True)
class Reliability:
    """Krippendorff's alpha of one code between some coders; NaN where it is not defined.

    Args:
        code: Which of the sheet's columns.
        between: The names of the coders, `samestory` for the tool.
        level: Level of measurement.
        units: Findings that two of them coded at least.
        agreement: Share of pairs of codes of one finding that are the same, in [0, 1], each finding weighing alike.
        alpha: 1 is perfect, 0 what chance gives.
        low: Lower end of its 95 % bootstrap interval over findings.
        high: Upper end.
        undefined: Why alpha, or its interval, is not defined; empty where both are.
    """

    code: Column
    between: tuple[str, ...]
    level: Level
    units: int
    agreement: float
    alpha: float
    low: float
    high: float
    undefined: str = ""


@dataclass(frozen=True, slots=True)
class Precision:
    """How many of the tool's findings the coders count, with the 95 % interval of Wilson (1927); NaN where none.

    Args:
        what: A kind, `all`, or `controls`, for which the share is of pairs the tool passed over and coders would count.
        judged: Findings with more codes of one of `yes` and `no` than of the other.
        valid: Of these, with more `yes`.
        same_kind: Of the valid, those to which most coders who gave a kind gave the tool's.
        undecided: Findings with as many of the one as of the other, or none.
        precision: Valid of judged, in [0, 1].
        low: Lower end of its interval.
        high: Upper end.
    """

    what: str
    judged: int
    valid: int
    same_kind: int
    undecided: int
    precision: float
    low: float
    high: float


@dataclass(frozen=True)
class Agreement:
    """What coders' sheets say of a comparison.

    Args:
        coders: Their names.
        findings: How many of the tool's findings at least one sheet has.
        controls: How many controls.
        reliability: One a code: between all coders where there are two, then of the tool with each coder.
        precision: Of the tool: one a kind, all together, and the controls where there are any.
        notes: What the reader should know first, such as findings that a sheet lacks.
    """

    coders: tuple[str, ...]
    findings: int
    controls: int
    reliability: tuple[Reliability, ...]
    precision: tuple[Precision, ...]
    notes: tuple[str, ...] = ()

    def to_frame(self, table: Literal["reliability", "precision"] = "reliability") -> "pd.DataFrame":
        """One of the two tables as a pandas DataFrame, one row an item."""
        from dataclasses import asdict

        import pandas as pd

        return pd.DataFrame([asdict(row) for row in (self.reliability if table == "reliability" else self.precision)])

    def to_json(self) -> str:
        """All of it as JSON text; what is not defined is null."""
        from pydantic import TypeAdapter

        return TypeAdapter(Agreement).dump_json(self, indent=1).decode() + "\n"

    def to_text(self) -> str:
        """Both tables as plain text."""
        head = f"{self.findings} findings and {self.controls} controls, coded by {_line(', '.join(self.coders))}"
        alphas: list[tuple[str, ...]] = [("code", "between", "findings", "same", "alpha", "95 %", "")]
        for r in self.reliability:
            numbers = (str(r.units), _two(r.agreement), _two(r.alpha), _interval(r.low, r.high))
            alphas.append((r.code, _line(" and ".join(r.between)), *numbers, r.undefined))
        shares: list[tuple[str, ...]] = [
            ("of the tool's", "judged", "valid", "same kind", "undecided", "precision", "95 %")
        ]
        for p in self.precision:
            counts = map(str, (p.judged, p.valid, p.same_kind, p.undecided))
            shares.append((p.what, *counts, _two(p.precision), _interval(p.low, p.high)))
        notes = [f"Note: {_line(note)}" for note in self.notes]
        parts = (head, *notes, "", "Krippendorff's alpha", *_columns(alphas), "", "Precision", *_columns(shares))
        return "\n".join(parts)

    def __repr__(self) -> str:
        return f"<Agreement of {len(self.coders)} coders on {self.findings} findings and {self.controls} controls>"


def agreement(
    comparison: "Comparison", *, sheets: Sequence[CodedSheet], samples: int = 1000, seed: int = 0
) -> Agreement:
    """Compares coders' sheets with each other and with the tool that made the comparison.

    Alpha is that of Krippendorff (2018, Content Analysis, 4th ed., ch. 12; Hayes and Krippendorff 2007, Communication
    Methods and Measures 1(1)), nominal for `valid` and `kind`, ordinal for `strength`; codes left empty are missing,
    as it allows. Its interval is the percentile bootstrap over findings (as Zapf et al. 2016, BMC Medical Research
    Methodology 16:93); resamples without variation, of which alpha is not defined, are left out. The tool's own code
    is `yes` with its kind and strength for what it shows, and `no`, `none` and no strength for a control.

    Args:
        comparison: The very result that the sheets were made from.
        sheets: As `read_codes` gives them.
        samples: Of the bootstrap.
        seed: Of the bootstrap.

    Raises:
        CodingError: If a sheet has a finding that the comparison does not have.
        ConfigError: If there is no sheet, or `samples` is below 1.
    """
    if not sheets or samples < 1:
        raise ConfigError(f"agreement: got {len(sheets)} sheets and {samples} samples; expected 1 or more of each")
    known = {f.id: f for f in (*control_findings(comparison), *findings(comparison))}
    coded = {sheet.coder: {code.finding: code for code in sheet.codes} for sheet in sheets}
    for sheet in sheets:
        if strange := [c.finding for c in sheet.codes if c.finding not in known]:
            some = ", ".join(strange[:3]) + (", …" if len(strange) > 3 else "")
            raise CodingError(
                f"{sheet.coder}: {len(strange)} of {len(sheet.codes)} findings are not in this result ({some}); "
                "give the result that the sheet was made from"
            )
    rows = [f for name, f in known.items() if any(name in codes for codes in coded.values())]
    shown = [f for f in rows if f.difference]
    return Agreement(
        coders=tuple(coded),
        findings=len(shown),
        controls=len(rows) - len(shown),
        reliability=tuple(_reliability(rows, coded, samples, seed)),
        precision=tuple(_precision(rows, coded)),
        notes=tuple(_notes(rows, coded)),
    )


def _notes(rows: Sequence[Finding], coded: Mapping[str, Mapping[str, Code]]) -> Iterator[str]:
    for coder, codes in coded.items():
        if missing := [f.id for f in rows if f.id not in codes]:
            some = ", ".join(missing[:3]) + (", …" if len(missing) > 3 else "")
            yield f"{coder} has no row for {len(missing)} findings that others have ({some})"
        if empty := sum(code.valid is None for code in codes.values()):
            yield f"{coder} left valid empty in {empty} of {len(codes)} rows"
    if len(coded) < 2:
        yield "one coder: agreement between people cannot be told"


def _reliability(
    rows: Sequence[Finding], coded: Mapping[str, Mapping[str, Code]], samples: int, seed: int
) -> Iterator[Reliability]:
    coders = tuple(coded)
    for column, answers in _ANSWERS.items():
        given = {coder: [_answer(codes.get(f.id), column) for f in rows] for coder, codes in coded.items()}
        own = [_own(f, column) for f in rows]
        groups = [(coders, list(given.values()))] * (len(coders) > 1)
        groups += [((TOOL, coder), [own, given[coder]]) for coder in coders]
        for names, columns in groups:
            counts = [[unit.count(answer) for answer in answers] for unit in zip(*columns, strict=True)]
            yield _alpha(column, names, counts, samples, seed)


def _answer(code: Code | None, column: Column) -> Answer | None:
    return getattr(code, column) if code else None


def _own(finding: Finding, column: Column) -> Answer | None:
    if column == "kind":
        return finding.kind
    if column == "valid":
        return "yes" if finding.difference else "no"
    return finding.difference.strength if finding.difference else None


def _alpha(
    column: Column, between: tuple[str, ...], counts: Sequence[Sequence[int]], samples: int, seed: int
) -> Reliability:
    """Alpha of value counts, shape (n_units, n_values)."""
    import numpy as np

    level = _LEVELS[column]
    table = np.array(counts).reshape(len(counts), -1)
    table = table[table.sum(axis=1) > 1] if len(table) else table
    n = len(table)
    if not n:
        return Reliability(column, between, level, 0, nan, nan, nan, nan, "no finding has two codes")
    sizes = table.sum(axis=1)
    same = float(((table * (table - 1)).sum(axis=1) / (sizes * (sizes - 1))).mean())
    alpha = _krippendorff(table, level)
    if isnan(alpha):
        why = "all codes are the same, and without variation there is no chance agreement to compare with"
        return Reliability(column, between, level, n, same, nan, nan, nan, why)
    rng = np.random.default_rng(seed)
    drawn = np.array([_krippendorff(table[rng.integers(n, size=n)], level) for _ in range(samples)])
    drawn = drawn[~np.isnan(drawn)]
    if not len(drawn):
        why = "no interval: no resample has variation"
        return Reliability(column, between, level, n, same, alpha, nan, nan, why)
    low, high = (float(q) for q in np.quantile(drawn, (0.025, 0.975)))
    return Reliability(column, between, level, n, same, alpha, low, high)


def _krippendorff(table: "NDArray[np.int_]", level: Level) -> float:
    """Alpha; NaN where fewer than two values are used."""
    import krippendorff

    used = table[:, table.any(axis=0)]
    if used.shape[1] < 2:
        return nan
    return float(krippendorff.alpha(value_counts=used, level_of_measurement=level))


def _precision(rows: Sequence[Finding], coded: Mapping[str, Mapping[str, Code]]) -> Iterator[Precision]:
    shown = [f for f in rows if f.difference]
    for kind in KINDS:
        if found := [f for f in shown if f.kind == kind]:
            yield _share(kind, found, coded)
    yield _share("all", shown, coded)
    if len(shown) < len(rows):
        yield _share("controls", [f for f in rows if not f.difference], coded)


def _share(what: str, rows: Sequence[Finding], coded: Mapping[str, Mapping[str, Code]]) -> Precision:
    judged = valid = same = 0
    for finding in rows:
        codes = [codes[finding.id] for codes in coded.values() if finding.id in codes]
        yes, no = (sum(c.valid == answer for c in codes) for answer in ("yes", "no"))
        judged += yes != no
        if yes > no:
            valid += 1
            kinds = Counter(c.kind for c in codes if c.kind)
            same += 2 * kinds[finding.kind] > kinds.total()
    low, high = wilson(valid, n=judged)
    share = valid / judged if judged else nan
    return Precision(what, judged, valid, same, len(rows) - judged, share, low, high)


def _two(number: float) -> str:
    return "–" if isnan(number) else f"{number:.2f}"


def _interval(low: float, high: float) -> str:
    return "–" if isnan(low) else f"{low:.2f} to {high:.2f}"


def _line(text: str) -> str:
    return " ".join(visible(text).split())


def _columns(rows: Sequence[Sequence[str]]) -> list[str]:
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
