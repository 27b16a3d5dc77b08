"""Who speaks in a report, and how much: the sources of its attributions, those that are the same put together."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from toolkit.analyse import Analysis, SentenceAnalysis, Token
from toolkit.telling import Attribution, Range, Said, Voice, VoiceKind

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
    number: int
    name: str
    kind: VoiceKind
    words: frozenset[str]


def with_voices(analysis: Analysis, attributions: Sequence[Sequence[Attribution]]) -> Analysis:
    """The analysis with what each sentence attributes, and the voice of each attribution made out.

    A source with a name that came before, or part of one, is the same voice; a pronoun is the voice before it; the
    later sentences of a quotation belong to the voice that began it, or that ends it.

    Args:
        analysis: The report's parse.
        attributions: Of each analysed sentence, in order.
    """
    heard: list[_Heard] = []
    told: list[list[tuple[Attribution, _Heard | None]]] = []
    last: _Heard | None = None
    waiting: list[tuple[int, int]] = []
    for s, found in zip(analysis.sentences, attributions, strict=True):
        told.append([])
        for x in found:
            voice: _Heard | None
            if x.cue is None and x.source is None:
                voice = last if last is not None and not _opens(s, x) else None
                if voice is None:
                    waiting.append((len(told) - 1, len(told[-1])))
            else:
                voice = _voice(s, x.source, heard, last)
                for row, place in waiting:
                    told[row][place] = told[row][place][0], voice
                waiting = []
                if voice.kind != "unnamed":
                    last = voice
            told[-1].append((x, voice))
        if not found:
            last = last if not s.quotes else None
    said = [tuple(_said(x, voice) for x, voice in row) for row in told]
    vouched = [
        frozenset[str]().union(*(x.words for row in said[max(n - 2, 0) : n] for x in row)) for n in range(len(said))
    ]
    rows = [replace(s, said=x, vouched=v) for s, x, v in zip(analysis.sentences, said, vouched, strict=True)]
    return replace(analysis, sentences=tuple(rows))


def voices_of(analysis: Analysis) -> tuple[Voice, ...]:
    """The voices of a report, those with most room first.

    Args:
        analysis: The report's parse, with its voices made out.
    """
    length = sum(len(s.sentence.text) for s in analysis.sentences)
    told: dict[int, list[tuple[SentenceAnalysis, Said]]] = {}
    for s in analysis.sentences:
        for x in s.said:
            if x.voice >= 0:
                told.setdefault(x.voice, []).append((s, x))
    voices = []
    for found in told.values():
        places = tuple(
            analysis.document.span(s.sentence.start + r[0], s.sentence.start + r[1], sentence=s.sentence.index)
            for s, x in found if (r := x.source or x.cue)
        )  # fmt: skip
        room = sum(e - b for _, x in found for b, e in x.content)
        count = sum(x.cue is not None for _, x in found)
        first = found[0][1]
        voices.append((room, Voice(first.name, first.kind, count, round(room / length, 4), places)))
    voices.sort(key=lambda v: (-v[0], -v[1].attributions, v[1].name))
    return tuple(v for _, v in voices)


def _said(x: Attribution, voice: _Heard | None) -> Said:
    if voice is None:
        return Said(x.source, x.cue, x.content, -1, "", "unnamed", frozenset())
    return Said(x.source, x.cue, x.content, voice.number, voice.name, voice.kind, voice.words)


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
    heard.append(_Heard(len(heard), name, kind, words))
    return heard[-1]
