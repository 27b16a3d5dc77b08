"""Systems of the family `attribute`: which words give a source, which say that it spoke, and what it said."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from eval.types import Family, Item
from toolkit.analyse import SentenceAnalysis, SpacyAnalyser, Token, subtree
from toolkit.types import Document, Sentence

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
