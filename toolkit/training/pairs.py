"""What the aligner is trained on: stories as lists of sentences, with every pair labelled.

Three kinds of source: the annotated stories (framediff/train*.jsonl), two sets annotated for this project whose texts
are read from NeuS (MIT) and ECB+ (CC BY 3.0), and pair items that `python -m eval items` wrote (ECB+, NAnCo, SuperPAL).
What belongs together (an ECB+ topic, a question, a story) is always in one fold.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from numpy.typing import NDArray

from toolkit.align.features import story_similarities
from toolkit.analyse import Analysis, SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.errors import SourceError
from toolkit.segment import mark_boilerplate, segment
from toolkit.training.data import annotated, read_stories
from toolkit.training.folds import fold_of
from toolkit.types import Article, Document

_REPORT = re.compile(r"\s*TITLE=>(?P<title>.*?)ARTICLE=>(?P<text>.*)", re.DOTALL)


@dataclass(frozen=True)
class PairStory:
    """The articles of a story and what is known of pairs of their sentences.

    Args:
        source: Which set it is from.
        id: Unique in the set.
        key: What is kept together in cross-validation.
        documents: The sentences of each article.
        pairs: Two places (article, sentence) a pair, shape (n, 4).
        labels: Whether the pair makes the same point, shape (n,).
    """

    source: str
    id: str
    key: str
    documents: tuple[tuple[str, ...], ...]
    pairs: NDArray[np.int64]
    labels: NDArray[np.bool_]

    @property
    def fold(self) -> int:
        """Which of FOLDS parts it belongs to."""
        return fold_of(self.key)


def read_pair_stories(shared: Path, items: Path) -> list[PairStory]:
    """Everything the aligner is trained on.

    Args:
        shared: Folder with `framediff/` and `data/`.
        items: What `python -m eval items` wrote.

    Raises:
        SourceError: If a file is missing, or a text is not the one that was annotated.
    """
    out = []
    for source, name in (("leads", "train.jsonl"), ("articles", "train_full.jsonl")):
        for s in read_stories(shared / "framediff" / name):
            texts = [tuple(x.text for x in d.sentences) for d in s.documents]
            out.append(_story(source, s.id, s.fold, texts, s.alignments))
    out += _neus(neus_file(shared))
    out += _ecbplus(ecbplus_folder(shared))
    out += _items(items)
    return out


def _story(
    source: str, name: str, key: str, documents: Sequence[Sequence[str]], alignments: frozenset[tuple[str, str]]
) -> PairStory:
    pairs, labels = [], []
    for a, b in combinations(range(len(documents)), 2):
        for i, left in enumerate(documents[a]):
            for j, right in enumerate(documents[b]):
                if left.strip() and right.strip():
                    one, two = f"{'ABC'[a]}{i}", f"{'ABC'[b]}{j}"
                    pairs.append((a, i, b, j))
                    labels.append((one, two) in alignments or (two, one) in alignments)
    at = np.array(pairs, dtype=np.int64).reshape(-1, 4)
    return PairStory(source, name, key, tuple(map(tuple, documents)), at, np.array(labels, dtype=bool))


def digest(documents: Sequence[Sequence[str]]) -> str:
    """Tells whether the sentences are those that were annotated."""
    return sha256("\x1e".join("\x1f".join(d) for d in documents).encode()).hexdigest()[:12]


def checked_text(path: Path, row: dict[str, Any], documents: list[list[str]], *, name: str) -> list[list[str]]:
    """The documents, if they are the text that a row annotates.

    Raises:
        SourceError: If they are not; says where they are from.
    """
    if digest(documents) != row["digest"]:
        raise SourceError(
            f"{path}: {name} is not the text that was annotated, or is cut into other sentences; install the versions "
            "of constraints.txt and take the published file"
        )
    return documents


def neus_file(shared: Path, side: str = "source") -> Path:
    """NeuS's train part, a story a line: its leads, or as `target` their neutral summary.

    Raises:
        SourceError: If it is missing.
    """
    path = shared / "data" / "neus" / f"train.{side}"
    if not path.exists():
        raise SourceError(f"{path}: no such file; it comes from https://github.com/HLTCHKUST/framing-bias-metric (MIT)")
    return path


def ecbplus_folder(shared: Path) -> Path:
    """The folder of ECB+.

    Raises:
        SourceError: If it is missing.
    """
    folder = shared / "data" / "ecbplus" / "ECB+"
    if not folder.exists():
        raise SourceError(f"{folder}: no such folder; it comes from https://github.com/cltl/ecbPlus (CC BY 3.0)")
    return folder


def _neus(path: Path) -> Iterator[PairStory]:
    lines = path.read_text(encoding="utf-8").split("\n")
    for row in annotated("neus.jsonl"):
        name = f"line {row['line']}"
        documents = checked_text(path, row, neus_sentences(lines[row["line"] - 1]), name=name)
        yield _story("neus", f"n{row['line']}", f"n{row['line']}", documents, frozenset(map(tuple, row["alignments"])))


def neus_sentences(line: str) -> list[list[str]]:
    """The headline and the sentences of each of a line's three leads."""
    out = []
    for part in line.split("[SEP]"):
        found = _REPORT.fullmatch(part)
        if found is None:
            raise SourceError(f"expected 'TITLE=> … ARTICLE=> …', got {part[:60]!r}")
        title = found["title"].strip().rstrip(".")
        body = [s.text for s in segment(Article(found["text"].strip())).sentences]
        out.append([title, *body] if title else body)
    return out


def _ecbplus(folder: Path) -> Iterator[PairStory]:
    for row in annotated("ecbplus.jsonl"):
        topic = row["files"][0].split("_")[0]
        documents = [
            ecbplus_sentences(folder / topic / name, numbers)
            for name, numbers in zip(row["files"], row["sentences"], strict=True)
        ]
        name = " and ".join(row["files"])
        checked = checked_text(folder, row, documents, name=name)
        yield _story("ecbplus-articles", name, topic, checked, frozenset(map(tuple, row["alignments"])))


def ecbplus_sentences(path: Path, numbers: Sequence[int]) -> list[str]:
    """These sentences of a document, its tokens joined as in running text."""
    words: dict[int, list[str]] = defaultdict(list)
    for token in ElementTree.parse(path).getroot().iter("token"):
        words[int(token.attrib["sentence"])].append(token.text or "")
    return [_joined(" ".join(words[n])) for n in numbers]


def _joined(text: str) -> str:
    text = re.sub(r"\s+([.,;:!?%)\]'’”])", r"\1", text)
    text = re.sub(r"([(\[$£#“‘])\s+", r"\1", text)
    text = re.sub(r"\s+(n't|'s|'re|'ve|'ll|'d|'m)\b", r"\1", text)
    text = re.sub(r"\. \. \.", "...", text)
    text = re.sub(r"(\d) ?([.,:]) ?(?=\d)", r"\1\2", text)
    inside, out = False, ""
    for character in text:
        if character == '"':
            out = (out.rstrip() if inside else out) + character
            inside = not inside
        elif not (character == " " and inside and out.endswith('"')):
            out += character
    return out


def _items(path: Path) -> Iterator[PairStory]:
    if not path.exists():
        raise SourceError(f"{path}: no such file; run: python -m eval items configs/eval/align.yaml --out {path}")
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        pairs, labels = np.array(row["pairs"], dtype=np.int64), np.array(row["labels"], dtype=bool)
        yield PairStory(row["task"], row["id"], row["id"], tuple(map(tuple, row["documents"])), pairs, labels)


@dataclass(frozen=True)
class Prepared:
    """A story parsed and encoded, with where its labelled pairs are among all its sentences.

    Args:
        story: As it was read.
        analyses: One an article.
        rows: One an article: sentence vectors.
        at: Two places a labelled pair among the story's analysed sentences, shape (n, 2).
        labels: Of those pairs, shape (n,).
    """

    story: PairStory
    analyses: tuple[Analysis, ...]
    rows: tuple[NDArray[np.float32], ...]
    at: NDArray[np.int64]
    labels: NDArray[np.bool_]


def prepare(story: PairStory, *, analyser: SpacyAnalyser, encoder: MiniLM) -> Prepared:
    """Parses and encodes a story; pairs with boilerplate are left out."""
    documents = [mark_boilerplate(Document.from_sentences(d, article_id=str(n))) for n, d in enumerate(story.documents)]
    analyses = tuple(analyser.analyse(d) for d in documents)
    rows = tuple(encoder.encode([s.sentence.text for s in a.sentences]) for a in analyses)
    place = _places(analyses)
    there = np.array([(a, i) in place and (b, j) in place for a, i, b, j in story.pairs], dtype=bool)
    at = [(place[a, i], place[b, j]) for a, i, b, j in story.pairs[there].tolist()]
    return Prepared(story, analyses, rows, np.array(at, dtype=np.int64).reshape(-1, 2), story.labels[there])


def _places(analyses: Sequence[Analysis]) -> dict[tuple[int, int], int]:
    """Where a sentence, named by the place of its article and its index there, is among all of the story."""
    starts = np.cumsum([0, *(len(a.sentences) for a in analyses)]).tolist()
    return {(n, s.sentence.index): starts[n] + k for n, a in enumerate(analyses) for k, s in enumerate(a.sentences)}


def cosines(p: Prepared) -> NDArray[np.float64]:
    """Centred cosine of each labelled pair of the story, shape of its labels; 0 where there is boilerplate."""
    out = np.zeros(len(p.story.labels))
    if len(p.at):
        centred = story_similarities(p.analyses, p.rows)[1]
        known = _places(p.analyses)
        for n, (a, i, b, j) in enumerate(p.story.pairs.tolist()):
            if (a, i) in known and (b, j) in known:
                out[n] = centred[known[a, i], known[b, j]]
    return out
