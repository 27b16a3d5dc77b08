"""Who speaks in a report, and how much: the sources of its attributions, those that are the same put together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from toolkit.analyse import Analysis, SentenceAnalysis, Token
from toolkit.attributions import Attribution, Range
from toolkit.telling import Voice, VoiceKind
from toolkit.types import Span

_PRONOUNS = frozenset({"he", "she", "they", "it", "i", "we", "who", "which", "that", "his", "her", "their", "its"})
_ANONYMOUS = frozenset({
    "source", "critic", "observer", "expert", "analyst", "witness", "insider", "people", "person", "some", "many",
    "other", "opponent", "supporter", "skeptic", "sceptic", "anonymity", "someone", "several", "few", "most",
})  # fmt: skip
_DOCUMENTS = frozenset({
    "report", "poll", "survey", "study", "statement", "document", "record", "ruling", "indictment", "letter", "data",
    "memo", "complaint", "filing", "lawsuit", "paper", "book", "transcript", "email", "tweet", "post", "figure",
    "website", "release", "footage", "video", "article", "law", "bill", "affidavit", "analysis", "research", "review",
})  # fmt: skip
_NAMES = frozenset({"PERSON", "ORG", "GPE", "NORP", "FAC", "LOC"})


@dataclass
class _Heard:
    name: str
    kind: VoiceKind
    words: frozenset[str]
    count: int = 0
    characters: int = 0
    places: list[Span] = field(default_factory=list)


def voices_of(analysis: Analysis, attributions: Sequence[Sequence[Attribution]]) -> tuple[Voice, ...]:
    """The voices of a report, those with most room first.

    A source with a name that came before, or part of one, is the same voice; a pronoun is the voice before it; the
    later sentences of a quotation belong to the voice that began it, or that ends it.

    Args:
        analysis: The report's parse.
        attributions: Of each analysed sentence, in order.
    """
    heard: list[_Heard] = []
    last: _Heard | None = None
    waiting: list[int] = []
    for s, found in zip(analysis.sentences, attributions, strict=True):
        for x in found:
            size = sum(e - b for b, e in x.content)
            if x.cue is None and x.source is None:
                if last is not None and not _opens(s, x):
                    last.characters += size
                else:
                    waiting.append(size)
                continue
            voice = _voice(s, x.source, heard, last)
            if x.cue is not None:
                voice.count += 1
            place = x.source or x.cue
            if place is not None:
                start = s.sentence.start
                voice.places.append(
                    analysis.document.span(start + place[0], start + place[1], sentence=s.sentence.index)
                )
            voice.characters += size + sum(waiting)
            waiting = []
            if voice.kind != "unnamed":
                last = voice
        if not found:
            last = last if not s.quotes else None
    length = sum(len(s.sentence.text) for s in analysis.sentences)
    heard.sort(key=lambda v: (-v.characters, -v.count, v.name))
    return tuple(
        Voice(v.name, v.kind, v.count, round(v.characters / length, 4) if length else 0.0, tuple(v.places))
        for v in heard
    )


def _opens(s: SentenceAnalysis, x: Attribution) -> bool:
    """Whether the content opens a quotation here, so that its voice is still to come."""
    begins = s.sentence.start + min(b for b, _ in x.content)
    return any(begins <= b < begins + 2 for b, _ in s.quotes)


def _voice(s: SentenceAnalysis, source: Range | None, heard: list[_Heard], last: _Heard | None) -> _Heard:
    tokens = _tokens(s, source)
    if not tokens:
        return _known("", "unnamed", frozenset(), heard)
    if all(t.text.lower() in _PRONOUNS or t.pos == "PUNCT" for t in tokens):
        return last or _known(tokens[0].text.lower(), "role", frozenset({tokens[0].text.lower()}), heard)
    kind, words = _kind_of(tokens)
    name = s.sentence.text[slice(*source)].strip(" ,") if source else ""
    return _known(" ".join(name.split()), kind, words, heard)


def _tokens(s: SentenceAnalysis, source: Range | None) -> list[Token]:
    if source is None:
        return []
    start, end = (s.sentence.start + x for x in source)
    return [t for t in s.tokens if t.start < end and start < t.end]


def _kind_of(tokens: Sequence[Token]) -> tuple[VoiceKind, frozenset[str]]:
    """What kind of source the words are, and the words that tell it from others."""
    head = _head(tokens)
    proper = frozenset(t.lemma for t in _until_clause(tokens) if t.pos == "PROPN" or t.entity in _NAMES)
    lemmas = {t.lemma for t in _until_clause(tokens)}
    if lemmas & {"anonymity", "unnamed", "unidentified"} or head.lemma in _ANONYMOUS:
        return "anonymous", frozenset({head.lemma})
    if head.lemma in _DOCUMENTS:
        return "document", proper | {head.lemma}
    people = frozenset(t.lemma for t in _until_clause(tokens) if t.entity == "PERSON")
    if people or head.pos == "PROPN" or head.entity in _NAMES:
        return "named", people or frozenset({head.lemma}) | (proper if head.pos != "PROPN" else frozenset())
    return "role", frozenset({head.lemma}) | proper


def _until_clause(tokens: Sequence[Token]) -> Iterator[Token]:
    """The tokens before a relative clause: what it tells is about the source, not its name."""
    for t in tokens:
        if t.text.lower() in {"who", "which", "that", "whose"}:
            return
        yield t


def _head(tokens: Sequence[Token]) -> Token:
    order = {"NOUN": 0, "PROPN": 0, "PRON": 1, "NUM": 1, "DET": 1, "ADJ": 1}
    inside = [t for t in tokens if t.pos in order]
    nominal = [t for t in inside if t.dep in {"nsubj", "nsubjpass", "pobj", "ROOT", "dobj", "appos"}] or inside
    return min(nominal or tokens, key=lambda t: (order.get(t.pos, 2), t.dep == "appos", t.start))


def _known(name: str, kind: VoiceKind, words: frozenset[str], heard: list[_Heard]) -> _Heard:
    for v in heard:
        if v.kind == kind and (v.words == words or (kind == "named" and v.words & words)):
            v.words |= words
            if kind == "named" and len(name) > len(v.name) and len(name) < 60 and " " not in v.name:
                v.name = name
            return v
    heard.append(_Heard(name, kind, words))
    return heard[-1]
