"""nulls: pairs with nothing to find. Whatever difference is shown there is false.

Reports against themselves and against trivially edited copies of themselves, and a neutral rewrite that ships.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks.framediff import framediff_folder, read_pair
from eval.tasks.framediff_open import OPEN
from eval.types import Family, Item, Unit
from toolkit.sources import read_articles

if TYPE_CHECKING:
    from datasets import Dataset

_EXAMPLES = Path(__file__).parents[2] / "examples" / "harbour"
_REPORTS = ("state-agency.txt", "wire.txt", "regional.txt")
_REWRITE = ("wire.txt", "wire-rewrite.txt")
_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
# A sentence that leans on the one before it may change its meaning when it moves.
_LEANS = re.compile(
    r"^(he|she|it|they|this|that|these|those|his|her|its|their|but|and|however|then|also|so|yet)\b", re.I
)


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Nulls:
    """False differences on pairs with nothing to find.

    Args:
        data_dir: Folder with `pairs/` in framediff's layout; empty for `framediff` beside the data root.
        split: `examples` makes pairs of the reports that ship; `framediff` of the reports in `pairs/`; `all` of both;
            `pairs` takes each file of `pairs/` as it is, for a folder of neutral rewrites; `open` those that ship.
        limit: First n reports (or pairs); 0 for all.
    """

    kind: Literal["nulls"] = "nulls"
    data_dir: str = ""
    split: Literal["examples", "framediff", "all", "pairs", "open"] = "all"
    limit: int = 0

    family: ClassVar[Family] = "compare"
    unit: ClassVar[str] = "report"
    metrics: ClassVar[tuple[str, ...]] = ("false_differences_per_pair", "pairs_with_any")
    lower_is_better: ClassVar[frozenset[str]] = frozenset(metrics)
    source: ClassVar[str] = "this project's shared framediff folder (split: examples needs no data)"

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return self.kind if self.split == "all" else f"{self.kind}-{self.split}"

    def files(self, root: Path) -> list[Path]:
        """The reports that pairs are made of.

        Raises:
            SourceError: If there are none.
        """
        shipped = [need(_EXAMPLES / f, source="this repository") for f in sorted({*_REPORTS, *_REWRITE})]
        return ([] if self.split in {"framediff", "pairs", "open"} else shipped) + self._pairs(root)

    def load(self, root: Path) -> "Dataset":
        """One row a pair: id, report (its unit), edit, and the sentences of both sides.

        Raises:
            SourceError: If a file is missing, truncated or of another form.
        """
        from datasets import Dataset

        self.files(root)
        read = [(f.stem, [a["sentences"] for a in read_pair(f)["articles"]]) for f in self._pairs(root)]
        if self.split in {"pairs", "open"}:
            return Dataset.from_list([_row(n, "given", a, b) for n, (a, b) in read[: self.limit or None]])
        reports = [(f"{n}.{side}", s) for n, two in read for side, s in zip("AB", two, strict=True)]
        rows = []
        if self.split != "framediff":
            reports = [(Path(f).stem, _sentences(f)) for f in _REPORTS] + reports
            rows = [_row("harbour", "rewrite", *(_sentences(f) for f in _REWRITE))]
        for name, sentences in reports[: self.limit or None]:
            rows += [
                _row(name, edit, sentences, changed)
                for edit, make in EDITS.items()
                if (changed := make(sentences)) != sentences or edit == "same"
            ]
        return Dataset.from_list(rows)

    def items(self, data: "Dataset") -> list[Item]:
        """One item a pair; gold is the report that it was made of."""
        return [Item(row["id"], {"a": row["a"], "b": row["b"]}, row["report"]) for row in data]

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """Numbers of differences shown, by report."""
        shown: dict[str, list[int]] = {}
        for item in items:
            if item.id in predictions:
                shown.setdefault(item.gold, []).append(len(predictions[item.id]["differences"]))
        return [Unit(report, counts) for report, counts in shown.items()]

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """Mean number of false differences a pair, and the share of pairs with at least one."""
        shown = [n for u in units for n in u.rows]
        return {
            "false_differences_per_pair": sum(shown) / len(shown),
            "pairs_with_any": sum(n > 0 for n in shown) / len(shown),
        }

    def _pairs(self, root: Path) -> list[Path]:
        if self.split == "examples":
            return []
        rewrites = OPEN / "nulls" if self.split == "open" else framediff_folder(self.data_dir, root) / "pairs"
        folder = need(rewrites, source=self.source)
        files = sorted(folder.glob("*.json"))
        if not files:
            raise wrong(folder, "no .json file of a pair")
        return files


def _row(report: str, edit: str, a: Sequence[str], b: Sequence[str]) -> dict[str, Any]:
    return {"id": f"{report}.{edit}", "report": report, "edit": edit, "a": list(a), "b": list(b)}


def _sentences(name: str) -> list[str]:
    from toolkit.segment import mark_boilerplate, segment

    (article,) = read_articles([_EXAMPLES / name])
    return [s.text for s in mark_boilerplate(segment(article)).body]


def spaced(sentences: Sequence[str]) -> list[str]:
    """Two spaces after each comma, and a no-break space in numbers' units' place."""
    return [re.sub(r"(?<=\d) (?=[a-z])", "\u00a0", s.replace(", ", ",  ")) for s in sentences]


def requoted(sentences: Sequence[str]) -> list[str]:
    """Straight quotation marks made curly, or curly ones straight."""
    if any(c in s for s in sentences for c in "“”‘’"):
        return [s.translate(str.maketrans("“”‘’", "\"\"''")) for s in sentences]
    return [re.sub(r'"([^"]*)"', r"“\1”", s).replace("'", "’") for s in sentences]


def redated(sentences: Sequence[str]) -> list[str]:
    """`6 March` made `March 6` and the other way round."""
    pattern = re.compile(rf"\b(\d{{1,2}}) ({_MONTH})\b|\b({_MONTH}) (\d{{1,2}})\b(?!,? \d{{4}})")
    return [
        pattern.sub(lambda m: f"{m[2]} {m[1]}" if m[1] else f"{m[4]} {m[3]}", s) for s in sentences
    ]  # fmt: skip


def swapped(sentences: Sequence[str]) -> list[str]:
    """The first two neighbours after the lead that lean on nothing and quote no one, in the other order."""
    out = list(sentences)
    for i in range(1, len(out) - 1):
        if not any(re.search(r"[\"“”]", s) or _LEANS.match(s) or len(s.split()) < 5 for s in out[i : i + 3]):
            out[i], out[i + 1] = out[i + 1], out[i]
            break
    return out


EDITS: dict[str, Callable[[Sequence[str]], list[str]]] = {
    "same": list,
    "spaces": spaced,
    "quotes": requoted,
    "dates": redated,
    "order": swapped,
}
