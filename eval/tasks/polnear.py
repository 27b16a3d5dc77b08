"""PolNeAR: who is given as the source of what, by which words (Newell, Margolin & Ruths, LREC 2018).

A split is a folder of `text/NAME.txt` and brat stand-off `attributions/NAME_ANNOTATOR.ann`; the CoreNLP parses that
some copies have beside them are not needed: sentences and tokens are cut by spaCy's rules, line by line, with no model
and not by the toolkit, so that a better segmenter moves no score. Where several annotators read one article, the first
by name counts.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.data import need, wrong
from eval.types import Family, Item, Unit

if TYPE_CHECKING:
    from datasets import Dataset

ROLES = ("source", "cue", "content")
_LINE = re.compile(r"([TE]\d+)\t(.*)")
_PART = re.compile(r"(Source|Cue|Content)\d*:(T\d+)")
Relation = Mapping[str, Sequence[int]]
Counts = tuple[float, float, float, float]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Polnear:
    """Attributions of political news, sentence by sentence.

    Args:
        data_dir: The set's own folder (its `data`), which has the splits; empty for `<root>/polnear`.
        split: The compartment to read.
        limit: Only the first articles; 0 for all.
    """

    kind: Literal["polnear"] = "polnear"
    data_dir: str = ""
    split: Literal["train", "dev", "test"] = "dev"
    limit: Annotated[int, Field(ge=0)] = 0

    family: ClassVar[Family] = "attribute"
    unit: ClassVar[str] = "document"
    metrics: ClassVar[tuple[str, ...]] = (
        "cue_sentence_f1",
        "cue_sentence_precision",
        "cue_sentence_recall",
        "attributed_f1",
        "source_overlap_f1",
        *(f"{role}_{what}_f1" for role in ("source", "cue", "content") for what in ("token", "character", "span")),
    )
    lower_is_better: ClassVar[frozenset[str]] = frozenset()
    source: ClassVar[str] = "github.com/networkdynamics/PolNeAR (no licence stated)"

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return f"polnear-{self.split}"

    def files(self, root: Path) -> list[Path]:
        """The texts of the split and the annotations that are read, one each."""
        return [file for pair in self._pairs(root) for file in pair]

    def load(self, root: Path) -> "Dataset":
        """One row an article: doc_id, annotator, text, and its attributions' character spans by role."""
        from datasets import Dataset

        return Dataset.from_list([_article(text, notes) for text, notes in self._pairs(root)])

    def items(self, data: "Dataset") -> list[Item]:
        """One item an article.

        Beside `sentences` (tokens), `data` has `text` and `starts` (a token's offset in it), for systems that parse
        the text itself; tokens of `gold` are indices into the sentence, one entry an attribution that touches it.
        """
        return [_item(row) for row in data]

    def units(self, items: Sequence[Item], predictions: Mapping[str, Any]) -> list[Unit]:
        """Four counts a metric and article: right and all predicted, found and all gold."""
        return [Unit(i.id, _rows(i, predictions[i.id])) for i in items if i.id in predictions]

    def measure(self, units: Sequence[Unit]) -> dict[str, float]:
        """Micro-averaged over the articles: sentences, spans (cut at sentences), tokens or characters are pooled."""
        total = np.sum([u.rows for u in units], axis=0) if units else np.zeros((len(_COUNTED), 4))
        out = {}
        for name, row in zip(_COUNTED, total, strict=True):
            precision, recall, f1 = _prf(row)
            out[f"{name}_f1"] = f1
            if name == "cue_sentence":
                out |= {"cue_sentence_precision": precision, "cue_sentence_recall": recall}
        return {name: out[name] for name in self.metrics}

    def _pairs(self, root: Path) -> list[tuple[Path, Path]]:
        folder = (Path(self.data_dir) if self.data_dir else root / "polnear") / self.split
        texts = sorted(need(folder / "text", source=self.source).glob("*.txt"))
        notes: dict[str, Path] = {}
        for file in sorted(need(folder / "attributions", source=self.source).glob("*.ann")):
            notes.setdefault(file.stem.rpartition("_")[0], file)
        if not texts:
            raise wrong(folder / "text", "it has no .txt file")
        if alone := sorted(notes.keys() - {t.stem for t in texts}):
            raise wrong(folder / "text", f"{alone[0]}.txt is missing, which has attributions ({len(alone)} in all)")
        if alone := sorted({t.stem for t in texts} - notes.keys()):
            raise wrong(folder / "attributions", f"{alone[0]}_*.ann is missing ({len(alone)} in all)")
        pairs = [(text, notes[text.stem]) for text in texts]
        return pairs[: self.limit] if self.limit else pairs


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise wrong(file, f"not UTF-8 at byte {error.start}") from error


def _article(text_file: Path, notes_file: Path) -> dict[str, Any]:
    text, spans, events = _read(text_file), {}, []
    # A note or a span over several paragraphs goes on in lines that bear no id; only "\n" ends a line.
    lines = [m for line in _read(notes_file).split("\n") if (m := _LINE.match(line.rstrip("\r")))]
    for key, rest in (m.groups() for m in lines if m[1].startswith("T")):
        spans[key] = _spans(key, rest, text, notes_file, text_file)
    for key, rest in (m.groups() for m in lines if m[1].startswith("E")):
        row: dict[str, Any] = {"id": key} | {role: [] for role in ROLES}
        for part in rest.split():
            trigger = part.partition(":")[2]
            if trigger not in spans:
                raise wrong(notes_file, f"{key} names {trigger or part!r}, which is not there; is the file cut short?")
            if found := _PART.fullmatch(part):
                row[found[1].lower()] += spans[found[2]]
        events.append(row)
    used = {part.partition(":")[2] for m in lines if m[1].startswith("E") for part in m[2].split()}
    loose = [m[1] for m in lines if m[1].startswith("T") and m[2].startswith("Attribution") and m[1] not in used]
    if loose:
        raise wrong(notes_file, f"attribution {loose[0]} has no event line; is the file cut short?")
    name, _, annotator = notes_file.stem.rpartition("_")
    return {"doc_id": name, "annotator": annotator, "text": text, "attributions": events}


def _spans(key: str, rest: str, text: str, notes: Path, text_file: Path) -> list[list[int]]:
    found = re.fullmatch(r"\S+ (\d+ \d+(?:;\d+ \d+)*)\t(.*)", rest)
    if not found:
        raise wrong(notes, f"expected '{key}, type, offsets, words' between tabs, got {rest[:60]!r}")
    spans = [[int(x) for x in pair.split()] for pair in found[1].split(";")]
    words = "".join("".join(text[b:e] for b, e in spans).split())
    said = "".join(found[2].split())
    # Only the first line of a span over several paragraphs is known here, so it is enough that the words begin so.
    if not said or not words.startswith(said):
        raise wrong(text_file, f"{notes.name} has {found[2][:40]!r} at {found[1]}, the text has {words[:40]!r}")
    return spans


@lru_cache(maxsize=1)
def _splitter() -> Any:
    import spacy

    splitter = spacy.blank("en")
    splitter.add_pipe("sentencizer")
    return splitter


def _sentences(text: str) -> list[tuple[list[str], list[int]]]:
    out = []
    for line in re.finditer(r"[^\r\n]+", text):
        for sentence in _splitter()(line[0]).sents:
            found = [(t.text, line.start() + t.idx) for t in sentence if not t.is_space]
            if any(c.isalnum() for word, _ in found for c in word):
                out.append(([word for word, _ in found], [at for _, at in found]))
    return out


def _item(row: Mapping[str, Any]) -> Item:
    sentences, starts = zip(*_sentences(row["text"]), strict=True) if row["text"].strip() else ((), ())
    gold = []
    for words, offsets in zip(sentences, starts, strict=True):
        relations = []
        for attribution in row["attributions"]:
            inside = {
                role: [
                    i
                    for i, (word, at) in enumerate(zip(words, offsets, strict=True))
                    if any(at < e and at + len(word) > b for b, e in attribution[role])
                ]
                for role in ROLES
            }
            if any(inside.values()):
                relations.append(inside)
        gold.append(relations)
    data = {"sentences": list(sentences), "text": row["text"], "starts": list(starts)}
    return Item(row["doc_id"], data, gold)


_COUNTED = (
    "cue_sentence",
    "attributed",
    "source_overlap",
    *(f"{role}_{what}" for role in ROLES for what in ("token", "character", "span")),
)


def _rows(item: Item, prediction: Sequence[Sequence[Relation]]) -> tuple[Counts, ...]:
    sentences = item.data["sentences"]
    if len(prediction) != len(sentences):
        raise ValueError(f"{item.id}: expected {len(sentences)} sentences predicted, got {len(prediction)}")

    def marked(roles: Sequence[str]) -> Counts:
        p, g = (
            {i for i, relations in enumerate(side) if any(r.get(role) for r in relations for role in roles)}
            for side in (prediction, item.gold)
        )
        return _exact(p, g)

    rows = [marked(["cue"]), marked(ROLES)]
    spans = {role: (_role(prediction, role), _role(item.gold, role)) for role in ROLES}
    rows.append(_overlap(*spans["source"]))
    for role in ROLES:
        p, g = ({(i, t) for i, span in side for t in span} for side in spans[role])
        rows += [_exact(p, g), _exact(p, g, lambda x: len(sentences[x[0]][x[1]])), _exact(*spans[role])]
    return tuple(rows)


def _role(sentences: Sequence[Sequence[Relation]], role: str) -> set[tuple[int, tuple[int, ...]]]:
    return {(i, tuple(sorted(set(r[role])))) for i, relations in enumerate(sentences) for r in relations if r.get(role)}


def _exact(p: set[Any], g: set[Any], size: Callable[[Any], int] = lambda x: 1) -> Counts:
    right = sum(map(size, p & g))
    return right, sum(map(size, p)), right, sum(map(size, g))


def _overlap(p: set[tuple[int, tuple[int, ...]]], g: set[tuple[int, tuple[int, ...]]]) -> Counts:
    def touched(these: set[tuple[int, tuple[int, ...]]], others: set[tuple[int, tuple[int, ...]]]) -> int:
        tokens = {(i, t) for i, span in others for t in span}
        return sum(any((i, t) in tokens for t in span) for i, span in these)

    return touched(p, g), len(p), touched(g, p), len(g)


def _prf(row: Sequence[float]) -> tuple[float, float, float]:
    right, predicted, found, gold = map(float, row)
    if not gold:
        return float("nan"), float("nan"), float("nan")
    p, r = right / predicted if predicted else 0.0, found / gold
    return p, r, 2 * p * r / (p + r) if p + r else 0.0
