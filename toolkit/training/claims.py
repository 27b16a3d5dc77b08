"""What the support checker learns from: claims, the sentences they are read beside, and which of their words are wrong.

- `annotations/summaries.jsonl`: claims about articles of ECB+ and framediff, and their edits, six that the article does
  not bear out for five that it does; written by language models for this project after SummEdits' protocol (Laban et
  al., EMNLP 2023). Words that stand in the article too are given by their places there: no text of it ships.
- `annotations/families.jsonl`, `annotations/rewrites.jsonl`: the same told in other words, or with another figure or
  certainty.
- Sentences of NeuS's leads, as they are and with a name, a number, a negation or a verb changed by rule (as Kryściński
  et al., FactCC, EMNLP 2020).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from toolkit.encode import Encoder
from toolkit.support import NEAREST, TokenReader
from toolkit.training.corrupt import Corrupter
from toolkit.training.data import annotated, read_stories
from toolkit.training.families import read_families
from toolkit.training.pairs import checked_text, ecbplus_folder, ecbplus_sentences, neus_file, neus_sentences

Range = tuple[int, int]
_WORD = re.compile(r"\w+(?:[’'.,-]\w+)*|[^\w\s]")
_TELLING = frozenset({"figure", "certainty"})  # differences of a family that make the one telling untrue of the other


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim about a text.

    Args:
        source: Which set it is from.
        key: What is kept together in cross-validation: the topic of the article, the story or the family.
        text: The claim.
        told: The sentences of the text, or those that it is read beside.
        supported: Whether they bear out all of it.
        wrong: Character ranges of the words that they do not; None where it is not known which.
        whole: The sentences of the whole text, where `told` is what the claim is read beside.
    """

    source: str
    key: str
    text: str
    told: tuple[str, ...]
    supported: bool
    wrong: tuple[Range, ...] | None = ()
    whole: tuple[str, ...] = ()


def read_claims(shared: Path, *, leads: int = 700) -> list[Claim]:
    """All of them, with whole articles still.

    Args:
        shared: Folder with `framediff/` and `data/`.
        leads: How many stories of NeuS are read for sentences to change.

    Raises:
        SourceError: If a file is missing, or a text is not the one that was annotated.
    """
    return [*_edited(shared), *_retold(), *_changed(shared, leads)]


def with_evidence(claims: Sequence[Claim], encoder: Encoder, reader: TokenReader) -> list[Claim]:
    """The same, each told only the sentences of its text that it is read beside, as at run time."""
    texts = sorted({t for c in claims for t in (c.text, *c.told)}, key=lambda t: (len(t), t))
    rows = dict(zip(texts, encoder.encode(texts), strict=True))
    about: dict[tuple[str, ...], list[str]] = {}
    for c in claims:
        if c.told:
            about.setdefault(c.told, []).append(c.text)
    found: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}
    for told, own in about.items():
        near = reader.nearest(own, told, np.stack([rows[t] for t in own]), np.stack([rows[t] for t in told]))
        found |= {(told, t): tuple(told[n] for n in places[:NEAREST]) for t, places in zip(own, near, strict=True)}
    return [replace(c, told=found[c.told, c.text], whole=c.told) for c in claims if c.told]


def new_words(text: str, known: Sequence[str]) -> tuple[Range, ...]:
    """Character ranges of the words of a text that none of the others has."""
    held = {w.group().lower() for t in known for w in _WORD.finditer(t)}
    return tuple((w.start(), w.end()) for w in _WORD.finditer(text) if w.group().lower() not in held)


def annotated_articles(shared: Path) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """The rows of `summaries.jsonl` with their texts put together, their name and topic, and the article's sentences.

    Raises:
        SourceError: If a file is missing, or a text is not the one that was annotated.
    """
    full = shared / "framediff" / "train_full.jsonl"
    stories = {s.id: s for s in read_stories(full)}
    folder = ecbplus_folder(shared)
    for row in annotated("summaries.jsonl"):
        if "story" in row:
            sentences = [s.text for s in stories[row["story"]].documents[row["article"]].sentences]
            name, place = f"{row['story']}.{row['article']}", full
        else:
            sentences = ecbplus_text(folder / row["file"].split("_")[0] / row["file"])
            name, place = row["file"], folder
        checked_text(place, row, [sentences], name=name)
        article = "\n".join(sentences)
        topic = stories[row["story"]].fold if "story" in row else row["file"].split("_")[0]
        claims = [
            {"seed": put_together(c["seed"], article)}
            | {k: [put_together(t, article) for t in c[k]] for k in ("consistent", "inconsistent")}
            for c in row["claims"]
        ]
        summary = [put_together(t, article) for t in row["summary"]]
        yield row | {"name": name, "topic": topic, "summary": summary, "claims": claims}, sentences


def put_together(parts: str | Sequence[str | Sequence[int]], article: str) -> str:
    """A text whose parts are own words or, as start and end, characters of an article."""
    if isinstance(parts, str):
        return parts
    return "".join(p if isinstance(p, str) else article[p[0] : p[1]] for p in parts)


def ecbplus_text(path: Path) -> list[str]:
    """All sentences of a document of ECB+."""
    tokens = ElementTree.parse(path).getroot().iter("token")
    return ecbplus_sentences(path, sorted({int(t.attrib["sentence"]) for t in tokens}))


def _edited(shared: Path) -> Iterator[Claim]:
    for row, sentences in annotated_articles(shared):
        name = row["topic"]
        told = tuple(s for s in sentences if s.strip())
        for text in row["summary"]:
            yield Claim("summary", name, text, told, supported=True)
        for made in row["claims"]:
            true = [made["seed"], *made["consistent"]]
            for text in true:
                yield Claim("edits", name, text, told, supported=True)
            for text in made["inconsistent"]:
                yield Claim("edits", name, text, told, supported=False, wrong=new_words(text, true) or None)


def _retold() -> Iterator[Claim]:
    for family in read_families():
        for first, second, found in family.pairs:
            a, b = family.tellings[first], family.tellings[second]
            if not found:
                yield Claim("families", family.id, b, (a,), supported=True)
                yield Claim("families", family.id, a, (b,), supported=True)
            elif all(d["kind"] in _TELLING for d in found):
                at = [(b.index(d["b_span"]), len(d["b_span"])) for d in found]
                yield Claim("families", family.id, b, (a,), supported=False, wrong=tuple((s, s + n) for s, n in at))
    for row in annotated("rewrites.jsonl"):
        for own, other in (("a", "b"), ("b", "a")):
            for text in row[own]:
                yield Claim("rewrites", row["id"], text, tuple(row[other]), supported=True)


def _changed(shared: Path, leads: int) -> Iterator[Claim]:
    lines = neus_file(shared).read_text(encoding="utf-8").split("\n")
    stories = [neus_sentences(line) for line in lines[:leads] if line.strip()]
    corrupter = Corrupter([[s for lead in story for s in lead] for story in stories])
    for n, story in enumerate(stories):
        for lead in story:
            made = corrupter.changed(n, lead[1:] or lead)
            if made is not None:
                text, changed, wrong = made
                yield Claim("changed", f"n{n}", text, tuple(lead), supported=True)
                yield Claim("changed", f"n{n}", changed, tuple(lead), supported=False, wrong=(wrong,))
