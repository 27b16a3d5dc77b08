"""ECB+ (Cybulska & Vossen 2014): which sentences of two reports mention one and the same action?

A topic has two events of one kind, in `ecb` and `ecbplus` documents; both are kept, so that a pair of look-alike events
counts as different. Only the sentences that the annotators validated are used.
"""

import csv
import re
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal
from xml.etree import ElementTree

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.tasks._pairs import columns, dataset, pair_units, place, rank_metrics
from eval.types import Family, Item, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datasets import Dataset

_COLUMNS = ("Topic", "File", "Sentence Number")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class EcbPlus:
    """Pairs of validated sentences of different documents of a topic; positive if they share an action's chain.

    Args:
        data_dir: Folder with `ECB+/` and `ECBplus_coreference_sentences.csv`; empty for `<root>/ecbplus`.
        split: all, or topics as in `36-45` or `2,5,12,18`.
        limit: First so many topics; 0 for all.
    """

    kind: Literal["ecbplus"] = "ecbplus"
    data_dir: str = ""
    split: Annotated[str, Field(pattern=r"^(all|\d+(-\d+)?(,\d+(-\d+)?)*)$")] = "all"
    limit: Annotated[int, Field(ge=0)] = 0

    family: ClassVar[Family] = "pairs"
    unit: ClassVar[str] = "topic"
    metrics: ClassVar[tuple[str, ...]] = ("ap", "f1", "base")
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = "https://github.com/cltl/ecbPlus (ECB+_LREC2014; CC BY 3.0)"

    @property
    def name(self) -> str:
        """What the record calls it."""
        return self.kind if self.split == "all" else f"{self.kind}-{self.split}"

    def files(self, root: Path) -> list[Path]:
        """The list of validated sentences and the documents it names.

        Raises:
            SourceError: If one is missing.
        """
        folder, listed = self._listed(root)
        return [
            folder / "ECBplus_coreference_sentences.csv",
            *(_document(folder, t, f, self.source) for t, f in listed),
        ]

    def load(self, root: Path) -> "Dataset":
        """One row a validated sentence: topic, file, sentence, text, and the chains of its actions.

        Raises:
            SourceError: If a file is missing, truncated or has other columns or elements.
        """
        folder, listed = self._listed(root)
        rows: list[dict[str, Any]] = []
        for (topic, name), numbers in listed.items():
            path = _document(folder, topic, name, self.source)
            texts, chains = _read(path)
            for number in sorted(numbers):
                if number not in texts:
                    raise wrong(path, f"sentence {number} is in the list of validated sentences, and not in the file")
                found = sorted(chains.get(number, ()))
                rows.append({"topic": topic, "file": name, "sentence": number, "text": texts[number], "chains": found})
        return dataset(folder, rows)

    def items(self, data: "Dataset") -> list[Item]:
        """One item a topic that has two documents or more."""
        topics: dict[str, dict[str, list[Any]]] = {}
        for row in data:
            topics.setdefault(row["topic"], {}).setdefault(row["file"], []).append(row)
        items = []
        for topic, held in topics.items():
            documents = list(held.values())
            pairs, labels = [], []
            for a, b in combinations(range(len(documents)), 2):
                for i, left in enumerate(documents[a]):
                    for j, right in enumerate(documents[b]):
                        pairs.append([a, i, b, j])
                        labels.append(int(not set(left["chains"]).isdisjoint(right["chains"])))
            if pairs:
                texts = [[row["text"] for row in d] for d in documents]
                items.append(Item(topic, {"documents": texts, "pairs": pairs}, {"labels": labels}))
        return items[: self.limit or None]

    def units(self, items: "Sequence[Item]", predictions: "Mapping[str, Any]") -> list[Unit]:
        """One unit a topic; the threshold of F1 is tuned on the other topics."""
        return pair_units(items, predictions)

    def measure(self, units: "Sequence[Unit]") -> dict[str, float]:
        """AP over all pairs, F1 at the tuned thresholds, and the share of positive pairs (AP of chance)."""
        found = rank_metrics(units)
        return {name: found[name] for name in self.metrics}

    def _listed(self, root: Path) -> tuple[Path, dict[tuple[str, str], set[int]]]:
        """The validated sentence numbers by topic and file, for the topics of the split, in order of number."""
        folder = place(root, self.data_dir, "ecbplus")
        path = need(folder / "ECBplus_coreference_sentences.csv", source=self.source)
        need(folder / "ECB+", source=self.source)
        found: defaultdict[tuple[str, str], set[int]] = defaultdict(set)
        with path.open(encoding="utf-8-sig", newline="") as file:
            for n, row in enumerate(csv.DictReader(file), start=2):
                columns(path, row, _COLUMNS, where=f"line {n}")
                # Some published lines end in a blank.
                topic, name, number = (row[c].strip() for c in _COLUMNS)
                if not (topic.isdecimal() and number.isdecimal()):
                    raise wrong(path, f"line {n}: topic {topic!r} and sentence {number!r}, expected numbers")
                if self._chosen(int(topic)):
                    found[topic, name].add(int(number))
        if not found:
            raise wrong(path, f"it has no sentence of split {self.split!r}")
        return folder, {key: found[key] for key in sorted(found, key=_order)}

    def _chosen(self, topic: int) -> bool:
        if self.split == "all":
            return True
        ends = [[int(x) for x in part.split("-")] for part in self.split.split(",")]
        return any(e[0] <= topic <= e[-1] for e in ends)


def _order(key: tuple[str, str]) -> tuple[int, str, int, str]:
    topic, name = key
    number = re.match(r"\d+", name)
    return int(topic), name.lstrip("0123456789"), int(number[0]) if number else 0, name


def _document(folder: Path, topic: str, name: str, source: str) -> Path:
    return need(folder / "ECB+" / topic / f"{topic}_{name}.xml", source=source)


def _read(path: Path) -> tuple[dict[int, str], dict[int, set[str]]]:
    """Texts (tokens with blanks between) and the cross-document chains of actions, by sentence number."""
    try:
        tree = ElementTree.parse(path).getroot()
        at = {t.attrib["t_id"]: int(t.attrib["sentence"]) for t in tree.iter("token")}
        words: dict[int, list[str]] = {}
        for token in tree.iter("token"):
            words.setdefault(int(token.attrib["sentence"]), []).append(token.text or "")
        marks = {m.attrib["m_id"]: m for m in tree.iterfind("./Markables/*")}
        chains: defaultdict[int, set[str]] = defaultdict(set)
        for relation in tree.iterfind("./Relations/CROSS_DOC_COREF"):
            for target in relation.iterfind("target"):
                mark = marks[target.attrib["m_id"]]
                if not mark.tag.startswith("ACTION_"):
                    continue
                for mention in relation.iterfind("source"):
                    for anchor in marks[mention.attrib["m_id"]].iterfind("token_anchor"):
                        chains[at[anchor.attrib["t_id"]]].add(mark.attrib["instance_id"])
    except ElementTree.ParseError as error:
        raise wrong(path, f"not whole XML ({error})") from error
    except (KeyError, ValueError) as error:
        raise wrong(path, f"an attribute or a referred mention is missing or not a number ({error})") from error
    if not words:
        raise wrong(path, "there is no token in it")
    return {n: " ".join(w) for n, w in words.items()}, chains
