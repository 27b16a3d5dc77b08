"""NewsWCL50: one event's people, things and acts under the names that five outlets give them (Hamborg et al. 2019).

Words and mentions come from the CoNLL file (Zhukova, Diverse CDCR datasets), a row a token. The set's own file of
annotations says which phrases carry a judgement of someone or something ("property", such as honour or aggression);
a naming counts as evaluative when such a phrase stands inside it in the same article. Its sentence numbers are not the
CoNLL file's, so the two are joined by article, kind of concept and words.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.types import Family, Item, Unit

if TYPE_CHECKING:
    from datasets import Dataset

_TOKENS = ("topic/subtopic_name", "doc_id", "sent_id", "token_id", "token", "reference")
_NOTES = ("code_type", "code_mention", "event_id", "publisher_id", "sentence", "start", "end")
_NUMBERS = frozenset({"sent_id", "token_id", "sentence", "start", "end"})
Mention = dict[str, Any]
Naming = tuple[str, str, str]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Newswcl50:
    """Mentions of one concept across the articles of an event, to be grouped, and ranked by how loaded they are.

    Longer namings have room for a judgement, so the number of words alone ranks well; `charge_same_length_auc` compares
    only namings of as many words, where length is worth .5.

    Args:
        data_dir: Folder of `conll.csv` and `orig/Annotations.csv`; empty for `<root>/newswcl50`.
        split: The set has no splits.
        limit: Only the first events; 0 for all.
    """

    kind: Literal["newswcl50"] = "newswcl50"
    data_dir: str = ""
    split: Literal["all"] = "all"
    limit: Annotated[int, Field(ge=0)] = 0

    family: ClassVar[Family] = "mentions"
    unit: ClassVar[str] = "event"
    metrics: ClassVar[tuple[str, ...]] = (
        "bcubed_f1",
        "bcubed_precision",
        "bcubed_recall",
        "pairwise_f1",
        "charge_auc",
        "charge_ap",
        "charge_same_length_auc",
    )
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = (
        "github.com/fhamborg/NewsWCL50 (Annotations.csv, into orig/; CC BY-SA 4.0) and "
        "github.com/anastasia-zhukova/Diverse_CDCR_datasets (conll.csv)"
    )

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return "newswcl50"

    def files(self, root: Path) -> list[Path]:
        """The tokens and the annotations."""
        folder = Path(self.data_dir) if self.data_dir else root / "newswcl50"
        return [need(folder / name, source=self.source) for name in ("conll.csv", "orig/Annotations.csv")]

    def load(self, root: Path) -> "Dataset":
        """One row a token of the CoNLL file, with `evaluative`: the mentions closing there that carry a judgement."""
        from datasets import Dataset

        tokens, notes = self.files(root)
        rows = list(_rows(tokens, _TOKENS))
        events = list(dict.fromkeys(_event(r) for r in rows))
        kept = set(events[: self.limit] if self.limit else events)
        rows = [r for r in rows if _event(r) in kept]
        loaded = _evaluative(list(_rows(notes, _NOTES)))
        marks: dict[int, list[str]] = defaultdict(list)
        for m in _mentions(rows, tokens):
            if (m["doc"], m["chain"].rpartition("_")[2], _letters(m["text"])) in loaded:
                marks[m["at"][1]].append(m["chain"])
        if not any(r["reference"] not in {"-", ""} for r in rows):
            raise wrong(tokens, "no mention in the column 'reference'")
        return Dataset.from_list(
            [{**{c: r[c] for c in _TOKENS}, "evaluative": "|".join(marks[i])} for i, r in enumerate(rows)]
        )

    def items(self, data: "Dataset") -> list[Item]:
        """One item an event: its articles as sentences of tokens, and the mentions' places, half-open."""
        events: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for row in data:
            events[_event(row)].append(row)
        return [_item(event, rows) for event, rows in events.items()]

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """An event's sums for B-cubed and pairs, and its AUC and average precision."""
        return [Unit(i.id, _scored(i, predictions[i.id])) for i in items if i.id in predictions]

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """B-cubed over all mentions, pairs pooled; AUC and AP within each event, then their mean over events."""
        if not units:
            return dict.fromkeys(self.metrics, float("nan"))
        table = np.array([u.rows for u in units], dtype=np.float64)
        n, precise, found, right, predicted, gold = table[:, :6].sum(axis=0)
        p, r = precise / n if n else float("nan"), found / n if n else float("nan")
        known = table[~np.isnan(table[:, 6]), 6:8]
        auc, ap = known.mean(axis=0) if len(known) else (float("nan"), float("nan"))
        won, compared = table[:, 8:].sum(axis=0)
        pairs = 2 * right / (predicted + gold) if gold else float("nan")
        same = won / compared if compared else float("nan")
        f1 = 2 * p * r / (p + r) if p + r else float("nan")
        return dict(zip(self.metrics, map(float, (f1, p, r, pairs, auc, ap, same)), strict=True))


def bcubed(groups: Sequence[int], chains: Sequence[str]) -> tuple[float, float]:
    """Sums over mentions of B-cubed precision and recall (Bagga & Baldwin 1998); divide by their number."""
    both, own, gold = _sizes(groups, chains)
    return (
        sum(n * n / own[g] for (g, _), n in both.items()),
        sum(n * n / gold[c] for (_, c), n in both.items()),
    )


def pair_counts(groups: Sequence[int], chains: Sequence[str]) -> tuple[int, int, int]:
    """Pairs of mentions that are together in both, in the prediction, and in the gold."""
    right, own, gold = (sum(n * (n - 1) // 2 for n in sizes.values()) for sizes in _sizes(groups, chains))
    return right, own, gold


def same_length(charge: Sequence[float], loaded: Sequence[bool], words: Sequence[int]) -> tuple[float, int]:
    """Wins (a tie counts half) of loaded over other namings of as many words, and how many pairs that is."""
    won, compared = 0.0, 0
    value, mark, length = np.asarray(charge, dtype=np.float64), np.asarray(loaded, dtype=bool), np.asarray(words)
    for n in np.unique(length):
        above, below = value[mark & (length == n)], value[~mark & (length == n)]
        gap = above[:, None] - below[None, :]
        won += float((gap > 0).sum() + (gap == 0).sum() / 2)
        compared += gap.size
    return won, compared


def _sizes(groups: Sequence[int], chains: Sequence[str]) -> tuple[dict[Any, int], dict[int, int], dict[str, int]]:
    both: dict[Any, int] = defaultdict(int)
    own: dict[int, int] = defaultdict(int)
    gold: dict[str, int] = defaultdict(int)
    for g, c in zip(groups, chains, strict=True):
        both[g, c] += 1
        own[g] += 1
        gold[c] += 1
    return both, own, gold


def _scored(item: Item, prediction: Mapping[str, Any]) -> tuple[float, ...]:
    from sklearn.metrics import average_precision_score, roc_auc_score

    chains, loaded = item.gold["chains"], item.gold["evaluative"]
    groups, charge = prediction["groups"], prediction["charge"]
    if not len(groups) == len(charge) == len(chains):
        raise ValueError(f"{item.id}: expected {len(chains)} groups and charges, got {len(groups)} and {len(charge)}")
    ranking = (float("nan"), float("nan"))
    if any(loaded) and not all(loaded):
        ranking = float(roc_auc_score(loaded, charge)), float(average_precision_score(loaded, charge))
    words = [len(m["text"].split()) for m in item.data["mentions"]]
    same = same_length(charge, loaded, words)
    return (len(chains), *bcubed(groups, chains), *pair_counts(groups, chains), *ranking, *same)


def _rows(file: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise wrong(file, f"not UTF-8 at byte {error.start}") from error
    # Annotations.csv opens with a line for spreadsheets.
    lines = text.removeprefix("sep=,").lstrip("\r\n").splitlines(keepends=True)
    reader = csv.DictReader(lines, strict=True)
    if absent := [c for c in columns if c not in (reader.fieldnames or ())]:
        raise wrong(file, f"no column {', '.join(map(repr, absent))}; there are {', '.join(reader.fieldnames or ())}")
    n = 0
    try:
        for n, row in enumerate(reader, 1):
            if None in row or any(row[c] is None for c in columns):
                raise wrong(file, f"row {n} has not one value a column; is the file cut short?")
            if bad := [c for c in columns if c in _NUMBERS and not row[c].isdigit()]:
                raise wrong(file, f"row {n}: expected a number as {bad[0]!r}, got {row[bad[0]]!r}")
            yield row
    except csv.Error as error:
        raise wrong(file, f"row {n + 1}: {error}") from error
    if not n:
        raise wrong(file, "it has no rows")


def _event(row: Mapping[str, Any]) -> str:
    return str(row["topic/subtopic_name"]).partition("/")[0]


def _letters(text: str) -> str:
    return re.sub(r"\W", "", text.lower())


def _evaluative(notes: Sequence[Mapping[str, str]]) -> set[Naming]:
    """Article, kind and words of the namings that have a property's words inside."""
    places: dict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
    for n in notes:
        if n["code_type"] == "PROPERTY":
            places[_article(n), n["sentence"]].append((int(n["start"]), int(n["end"])))
    return {
        (_article(n), n["code_type"], _letters(n["code_mention"]))
        for n in notes
        if n["code_type"] != "PROPERTY"
        and any(int(n["start"]) <= b and e <= int(n["end"]) for b, e in places[_article(n), n["sentence"]])
    }


def _article(note: Mapping[str, str]) -> str:
    return f"{note['event_id']}_{note['publisher_id']}"


def _mentions(rows: Sequence[Mapping[str, Any]], file: Path | None = None) -> Iterator[Mention]:
    """Mentions by their brackets, with the row numbers of the first and last token."""
    where, opened = None, defaultdict[str, list[int]](list)
    for i, row in enumerate([*rows, None]):
        if row is None or (row["doc_id"], row["sent_id"]) != where:
            if lost := [c for c, at in opened.items() if at]:
                raise wrong(file or Path("conll.csv"), f"mention of {lost[0]!r} in {where} is not closed")
            opened.clear()
        if row is None:
            return
        where = (row["doc_id"], row["sent_id"])
        for mark in row["reference"].split("|") if row["reference"] not in {"-", ""} else ():
            chain, part = mark.strip().strip("()"), mark.strip()
            if part.startswith("("):
                opened[chain].append(i)
            if not part.endswith(")"):
                continue
            if not opened[chain]:
                raise wrong(file or Path("conll.csv"), f"mention of {chain!r} in {where} is closed but not opened")
            begin = opened[chain].pop()
            text = " ".join(r["token"] for r in rows[begin : i + 1] if r["token"].strip("\\n "))
            yield {"doc": row["doc_id"], "at": (begin, i), "chain": chain, "text": text}


def _item(event: str, rows: Sequence[Mapping[str, Any]]) -> Item:
    documents: dict[str, dict[str, list[str]]] = {}
    places = []
    for row in rows:
        sentences = documents.setdefault(row["doc_id"], {})
        sentence = sentences.setdefault(row["sent_id"], [])
        places.append((len(sentences) - 1, len(sentence)))
        sentence.append(row["token"])
    order = {doc: n for n, doc in enumerate(documents)}
    mentions, chains, evaluative = [], [], []
    for m in _mentions(rows):
        first, last = m["at"]
        (sentence_number, start), (_, end) = places[first], places[last]
        place = {"doc": order[m["doc"]], "sentence": sentence_number, "start": start, "end": end + 1}
        mentions.append({**place, "text": m["text"]})
        chains.append(m["chain"])
        evaluative.append(m["chain"] in rows[last]["evaluative"].split("|"))
    data = {"documents": [list(s.values()) for s in documents.values()], "mentions": mentions}
    return Item(event, data, {"chains": chains, "evaluative": evaluative})
