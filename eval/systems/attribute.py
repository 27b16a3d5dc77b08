"""Systems of the family `attribute`: which words give a source, which say that it spoke, and what it said."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from eval.tasks.polnear import Polnear
from eval.types import Family, Item
from toolkit.analyse import SentenceAnalysis, SpacyAnalyser, Token, subtree
from toolkit.types import Document, Sentence

if TYPE_CHECKING:
    from toolkit.attributions import AttributionTagger as Tagger
    from toolkit.training.attributions import AttributedDocument

Relation = dict[str, list[int]]

# Verbs that report speech or thought, by lemma.
REPORTING = frozenset([
    "accuse", "acknowledge", "add", "admit", "advise", "affirm", "agree", "allege", "announce", "argue", "ask",
    "assert", "assure", "believe", "boast", "caution", "claim", "comment", "complain", "concede", "conclude",
    "confirm", "contend", "counter", "criticize", "declare", "demand", "deny", "describe", "disclose", "dismiss",
    "emphasize", "estimate", "exclaim", "explain", "express", "feel", "find", "fear", "hint", "hope", "imply",
    "indicate", "inform", "insist", "joke", "lament", "maintain", "mention", "muse", "note", "observe", "opine",
    "phrase", "pledge", "point", "praise", "predict", "proclaim", "promise", "propose", "quip", "recall", "recommend",
    "recount", "reiterate", "remark", "remind", "reply", "report", "respond", "retort", "reveal", "say", "speculate",
    "state", "stress", "suggest", "suspect", "swear", "tell", "testify", "think", "threaten", "tout", "tweet", "urge",
    "voice", "vow", "warn", "wonder", "worry", "write",
])  # fmt: skip
_SUBJECTS = frozenset({"nsubj", "nsubjpass", "agent"})


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class AttributeRule:
    """The toolkit's own cue and source, one a sentence; content is what the cue's clause says.

    Args:
        analyser: The parse.
    """

    kind: Literal["attribute-rule"] = "attribute-rule"
    analyser: SpacyAnalyser = SpacyAnalyser()

    families: ClassVar[frozenset[Family]] = frozenset({"attribute"})

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return "attribute-rule"

    def missing(self) -> str:
        """Nothing beyond the package is needed."""
        return ""

    def predict(self, item: Item) -> list[list[Relation]]:
        """One relation in each sentence where the analysis has a cue."""
        return _predicted(item.data, self.analyser, self._found)

    def _found(self, s: SentenceAnalysis) -> list[dict[str, set[int]]]:
        if s.cue < 0:
            return []
        accord = s.tokens[s.cue].lemma == "accord"
        cue = {s.cue, s.cue + 1} if accord else {s.cue}
        source = set(range(*s.source)) if s.source else set()
        said = _quoted(s) | _clause(s, s.cue)
        if accord or not said:
            said = set(range(len(s.tokens)))
        return [{"source": source - cue, "cue": cue, "content": _trimmed(s, said - cue - source)}]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class AttributeTagger:
    """The tagger that ships (`toolkit.attributions`), or its architecture trained on PolNeAR's own train part.

    Args:
        train_dir: PolNeAR's folder; empty for the weights that ship. What is trained on it is not kept, since the set
            states no licence.
        articles: Only the first so many articles are trained on; 0 for all.
        epochs: Times over them.
    """

    kind: Literal["attribute-tagger"] = "attribute-tagger"
    train_dir: str = ""
    articles: Annotated[int, Field(ge=0)] = 420
    epochs: Annotated[int, Field(ge=1)] = 1

    families: ClassVar[frozenset[Family]] = frozenset({"attribute"})

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return "attribute-tagger trained on polnear" if self.train_dir else "attribute-tagger"

    def missing(self) -> str:
        """Training data that is not there."""
        folder = Path(self.train_dir) / "train" if self.train_dir else None
        return f"{folder}: no such folder" if folder and not folder.exists() else ""

    @cached_property
    def _tagger(self) -> "Tagger":
        from toolkit.attributions import AttributionTagger, attribution_tagger
        from toolkit.training.attributions import train_attributions
        from toolkit.training.loop import Recipe

        if not self.train_dir:
            return attribution_tagger()
        task = Polnear(data_dir=self.train_dir, split="train", limit=self.articles)
        documents = [_attributed(item) for item in task.items(task.load(Path()))]
        recipe = Recipe(epochs=self.epochs)
        return AttributionTagger(train_attributions(documents, recipe).learned(rank=recipe.rank))

    def predict(self, item: Item) -> list[list[Relation]]:
        """Any number of relations a sentence; content without a cue continues a quotation."""
        document, starts = _document(item.data)
        (found,) = self._tagger.attributions([[s.text for s in document.sentences]])
        out = []
        for s, words, at, relations in zip(document.sentences, item.data["sentences"], starts, found, strict=True):
            ends = [(a - s.start, a - s.start + len(w)) for w, a in zip(words, at, strict=True)]

            def inside(ranges: Iterable[tuple[int, int] | None], ends: Sequence[tuple[int, int]] = ends) -> list[int]:
                some = [r for r in ranges if r]
                return [n for n, (b, e) in enumerate(ends) if any(b < r[1] and r[0] < e for r in some)]

            out.append(
                [
                    {"source": inside([r.source]), "cue": inside([r.cue]), "content": inside(r.content)}
                    for r in relations
                ]
            )
        return out


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class SpacyVerbs:
    """A plain peer: every reporting verb with a subject, and `according to`; content is the clause it governs.

    Args:
        analyser: The parse.
    """

    kind: Literal["spacy-verbs"] = "spacy-verbs"
    analyser: SpacyAnalyser = SpacyAnalyser()

    families: ClassVar[frozenset[Family]] = frozenset({"attribute"})

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return "spacy-verbs"

    def missing(self) -> str:
        """Nothing beyond the package is needed."""
        return ""

    def predict(self, item: Item) -> list[list[Relation]]:
        """Any number of relations a sentence."""
        return _predicted(item.data, self.analyser, self._found)

    def _found(self, s: SentenceAnalysis) -> list[dict[str, set[int]]]:
        out, tokens = [], s.tokens
        for i, t in enumerate(tokens):
            if t.lemma == "accord" and i + 1 < len(tokens) and tokens[i + 1].text.lower() == "to":
                heads = [j for j, u in enumerate(tokens) if u.head == i + 1 and u.dep == "pobj"]
                source = set(range(*subtree(tokens, heads[0]))) if heads else set()
                rest = set(range(len(tokens))) - source - {i, i + 1}
                out.append({"source": source, "cue": {i, i + 1}, "content": _trimmed(s, rest)})
            elif t.pos == "VERB" and t.lemma in REPORTING:
                subjects = [j for j, u in enumerate(tokens) if u.head == i and u.dep in _SUBJECTS]
                if subjects:
                    source = set(range(*subtree(tokens, subjects[0]))) - {i}
                    said = _clause(s, i) - source - {i}
                    out.append({"source": source, "cue": {i}, "content": _trimmed(s, said)})
        return out


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class AttributeConstant:
    """Every sentence has a cue (its first word), no source, and is content throughout: the floor of every F1."""

    kind: Literal["attribute-constant"] = "attribute-constant"

    families: ClassVar[frozenset[Family]] = frozenset({"attribute"})

    @property
    def name(self) -> str:
        """What the record and tables call it."""
        return "attribute-constant"

    def missing(self) -> str:
        """Nothing is needed."""
        return ""

    def predict(self, item: Item) -> list[list[Relation]]:
        """The same of every sentence."""
        return [[{"source": [], "cue": [0], "content": list(range(len(s)))}] for s in item.data["sentences"]]


def _attributed(item: Item) -> "AttributedDocument":
    """An article with its gold roles, each run of tokens of one role as one range."""
    from toolkit.training.attributions import AttributedDocument

    document, starts = _document(item.data)
    roles = []
    for s, words, at, relations in zip(document.sentences, item.data["sentences"], starts, item.gold, strict=True):
        found: list[tuple[str, tuple[int, int]]] = []
        for r in relations:
            for role in ("source", "cue", "content"):
                for n in sorted(r[role]):
                    begin, end = at[n] - s.start, at[n] - s.start + len(words[n])
                    if found and found[-1][0] == role and n - 1 in r[role]:
                        begin = found.pop()[1][0]
                    found.append((role, (begin, end)))
        roles.append(tuple(found))
    return AttributedDocument(tuple(s.text for s in document.sentences), tuple(roles))


def _predicted(data: Mapping[str, Any], analyser: SpacyAnalyser, found: Any) -> list[list[Relation]]:
    document, starts = _document(data)
    out = []
    for s, words, at in zip(analyser.analyse(document).sentences, data["sentences"], starts, strict=True):
        relations = [{role: _mapped(s.tokens, own, words, at) for role, own in r.items()} for r in found(s)]
        out.append([r for r in relations if r["cue"]])
    return out


def _document(data: Mapping[str, Any]) -> tuple[Document, list[list[int]]]:
    """The article's own text where the item has it, else the tokens with a space between, a line a sentence."""
    text, starts = data.get("text"), data.get("starts")
    if text is None or starts is None:
        text, starts = "", []
        for words in data["sentences"]:
            starts.append([len(text) + sum(len(w) + 1 for w in words[:i]) for i in range(len(words))])
            text += " ".join(words) + "\n"
    sentences = []
    for i, (words, at) in enumerate(zip(data["sentences"], starts, strict=True)):
        begin, end = (at[0], at[-1] + len(words[-1])) if words else (0, 0)
        sentences.append(Sentence(index=i, start=begin, end=end, text=text[begin:end]))
    return Document(text=text, sentences=tuple(sentences)), starts


def _mapped(tokens: Sequence[Token], own: Iterable[int], words: Sequence[str], at: Sequence[int]) -> list[int]:
    spans = [(tokens[i].start, tokens[i].end) for i in own]
    return [
        i
        for i, (word, start) in enumerate(zip(words, at, strict=True))
        if any(start < e and start + len(word) > b for b, e in spans)
    ]


def _clause(s: SentenceAnalysis, cue: int) -> set[int]:
    heads = [i for i, t in enumerate(s.tokens) if t.head == cue and t.dep == "ccomp"]
    heads = heads or [i for i, t in enumerate(s.tokens) if t.head == cue and i > cue and t.dep in {"xcomp", "dobj"}]
    return {i for head in heads for i in range(*subtree(s.tokens, head))}


def _quoted(s: SentenceAnalysis) -> set[int]:
    return {i for i, t in enumerate(s.tokens) if any(b <= t.start and t.end <= e for b, e in s.quotes)}


def _trimmed(s: SentenceAnalysis, said: set[int]) -> set[int]:
    """Without the commas and stops at either end; quotation marks belong to what is said."""
    kept = sorted(said)
    while kept and s.tokens[kept[-1]].text in {",", ".", ";", ":", "—", "-"}:
        kept.pop()
    while kept and s.tokens[kept[0]].text in {",", ".", ";", ":", "—", "-"}:
        kept.pop(0)
    return set(kept)
