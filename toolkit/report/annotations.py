"""The differences as W3C Web Annotations: a collection in JSON-LD that annotation tools read.

The model is that of the Web Annotation Data Model (W3C Recommendation, 23 February 2017,
https://www.w3.org/TR/annotation-model/).
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from toolkit.report.view import FOUND, STRENGTHS, outlet_names, percent, safe_href

if TYPE_CHECKING:
    from toolkit.comparison import Comparison
    from toolkit.types import Difference, Document, Span

CONTEXT = "http://www.w3.org/ns/anno.jsonld"
AROUND = 32  # characters of prefix and suffix, enough to tell most repeated words apart
_JSON = dict[str, Any]


def render_annotations(comparison: "Comparison") -> str:
    """The differences as an AnnotationCollection with one embedded page, as JSON text.

    One Annotation is one side of a difference: its target is that side's words, its bodies are the kind (a tag), the
    reason (a comment) and links to the other sides' words, or to the nearest sentence where a report is silent. The
    model takes every body as said of every target alone, so a target that is several passages together cannot be had.

    Positions are Unicode code points, as the model asks, in the text that the toolkit read. Identifiers are UUIDs
    made from the content (version 5), and no time is written, so that the same comparison gives the same bytes.
    """
    annotator = _Annotator(comparison)
    items = [a for d in comparison.differences for a in annotator.annotations(d)]
    page = annotator.name("page")
    collection = {
        "@context": CONTEXT,
        "id": annotator.name("collection"),
        "type": "AnnotationCollection",
        "label": "Differences between " + ", ".join(annotator.names.values()),
        "total": len(items),
        "first": {
            "id": page,
            "type": "AnnotationPage",
            "partOf": annotator.name("collection"),
            "startIndex": 0,
            "items": items,
        },
        "last": page,
    }
    return json.dumps(collection, ensure_ascii=False, indent=1) + "\n"


class _Annotator:
    """What annotations are made with: the documents, their addresses and names, looked up once."""

    def __init__(self, comparison: "Comparison") -> None:
        self.names = outlet_names(comparison.articles)
        self.documents = {d.id: d for d in comparison.articles}
        self.sources = {d.id: _source(d) for d in comparison.articles}
        self.version = comparison.versions.get("samestory", "")

    def name(self, *parts: str) -> str:
        """An identifier made from the articles and the parts, the same whenever and wherever it is made."""
        return _urn(*(f"{self.sources[d.id]}\x1e{d.text}" for d in self.documents.values()), *parts)

    def annotations(self, d: "Difference") -> Iterator[_JSON]:
        silent = [(a.article, a.nearest, FOUND[a.grade]) for a in d.absences]
        told = "; ".join(f"{self.names[article]}: {found}" for article, _, found in silent)
        comment = f"{d.reason} (strength: {STRENGTHS.get(d.strength, d.strength)}; confidence {percent(d.confidence)})"
        said = [
            {"type": "TextualBody", "purpose": "tagging", "value": d.kind, "format": "text/plain"},
            _comment(f"{comment} {told}.".strip() if told else comment),
        ]
        nearest = [span for _, span, _ in silent if span]
        for number, side in enumerate(d.sides):
            others = [s for n, s in enumerate(d.sides) if n != number]
            links = [{**self.place(span), "purpose": "linking"} for span in (*others, *nearest)]
            where = f"{side.article}:{side.start}:{side.end}"
            yield {
                "id": self.name(d.kind, d.point, where, *(f"{s.article}:{s.start}:{s.end}" for s in others), *d.absent),
                "type": "Annotation",
                "motivation": ["commenting", "tagging", *(["linking"] if links else [])],
                "generator": {"type": "Software", "name": f"samestory {self.version}".strip()},
                "body": [*said, *links],
                "target": self.place(side),
            }

    def place(self, span: "Span") -> _JSON:
        """The passage as a SpecificResource: by its words first, as these also hold in the page it was read from."""
        text = self.documents[span.article].text
        words = {
            "type": "TextQuoteSelector",
            "exact": text[span.start : span.end],
            "prefix": text[max(span.start - AROUND, 0) : span.start],
            "suffix": text[span.end : span.end + AROUND],
        }
        position = {"type": "TextPositionSelector", "start": span.start, "end": span.end}
        return {"type": "SpecificResource", "source": self.sources[span.article], "selector": [words, position]}


def _comment(text: str) -> _JSON:
    return {"type": "TextualBody", "purpose": "commenting", "value": text, "format": "text/plain", "language": "en"}


def _source(document: "Document") -> str:
    """The article's web address; where it has none, a name made from its id and text."""
    return quote(safe_href(document.url), safe=":/?#[]@!$&'()*+,;=%~") or _urn(document.id, document.text)


def _urn(*parts: str) -> str:
    return uuid5(NAMESPACE_URL, "\x1f".join(("samestory", *parts))).urn
