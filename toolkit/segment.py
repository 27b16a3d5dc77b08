"""Cuts an Article into Sentences with exact offsets, and marks what is not the report."""

import re
from collections.abc import Iterator
from dataclasses import fields, replace
from itertools import pairwise

from sentencex import get_sentence_boundaries

from toolkit.types import Article, Document, Sentence


def _rule(name: str, *forms: str) -> tuple[str, re.Pattern[str]]:
    return name, re.compile("|".join(forms))


_DATE = (
    r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? )?"
    r"(?:(?:\d{1,2} )?(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*\.?(?: \d{1,2})?,? \d{4}"
    r"|\d{4}-\d\d-\d\d|\d{1,2}[./]\d{1,2}[./]\d{4})(?:,? (?:at )?\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?(?: [A-Z]{2,4})?)?"
)
_NAME = r"[A-ZÀ-Þ][\w.'’-]*"
_PERSON = rf"{_NAME}(?: (?:de|al|bin|van|von|der|{_NAME})){{1,3}}"
_PEOPLE = rf"{_NAME}(?:,? (?:(?:and|in|of|for|with|the|de|al|bin|van|von|der) )*{_NAME}){{0,14}}"
_AGENCY = r"(?:AP|AFP|Reuters|REUTERS|dpa|DPA|TASS|Xinhua|ANI|PTI|UPI|EFE|Interfax|Bloomberg|KCNA|Yonhap)"
_SITE = r"(?:Facebook|Twitter|X|WhatsApp|Telegram|LinkedIn|Reddit|Instagram|YouTube|Threads|Bluesky|[Ee]mail)"
_THIS = r"[Tt]his (?:article|story|post|page|report|entry|video)"
_STAFF = r"(?: (?:staff )?(?:writers?|correspondents?|reporters?))?"

# A form must match the whole sentence (white space read as single spaces), so that a sentence that merely talks about
# a video, a subscription or comments stays what it is: news. Corrections are news too and have no rule.
BOILERPLATE: tuple[tuple[str, re.Pattern[str]], ...] = (
    _rule("empty", r"[\W_]*|\d{1,2}\."),
    _rule(
        "byline",
        rf"(?:By|BY) {_PERSON}(?:(?:,| and|, and| AND) {_PERSON}){{0,3}}(?:, {_PEOPLE})?(?: [|–—-] .{{1,60}})?(?<!\.)",
        rf"(?:By|BY) {_PERSON}, (?:[A-Z][\w’'-]+ ){{1,4}}(?:staff|correspondent|reporter|writer|editor)",
        rf"(?:By|BY) (?:(?:[Oo]ur )?[Ss]taff(?: [Ww]riters?| [Rr]eporters?)?|[Aa]gencies|{_AGENCY})",
    ),
    _rule(
        "sign-off",
        r"\(?[a-z]{2,4}(?:[/,] ?[a-z]{2,4})* ?\([A-Za-z][\w ./&-]*(?:, ?[A-Za-z][\w ./&-]*)*\)\.?",
        rf"[\[(—–-]* ?(?:{_AGENCY}|Agencies)(?:[,/ ]+(?:and )?(?:{_AGENCY}|[Aa]gencies)){{0,4}}[\])]?\.?",
    ),
    _rule(
        "credits",
        rf"\W*(?:(?:(?:Additional )?[Rr]eporting|[Ww]riting|[Ee]diting|Compiled|Translated) by {_PEOPLE}\W*(?:and )?)+",
        rf"\W*{_PEOPLE}{_STAFF}(?: {_PEOPLE})? (?:also )?contributed (?:reporting )?to {_THIS}\W*",
        r"\W*[Ww]ith (?:inputs?|(?:additional )?reporting|material) (?:from|by) "
        r"(?:agencies|[A-Z]\w+)(?:,? (?:and )?(?:agencies|[A-Z]\w+)){0,6}\W*",
        rf"{_THIS} (?:was|has been) (?:first|originally) (?:published|posted) (?:by|in|on) .{{2,60}}",
        rf"{_THIS} (?:was|has been) (?:auto-)?(?:published|generated) from (?:a|an) .{{2,30}} feed\b.{{0,60}}",
        r"(?:Copyright )?(?:©|\([cC]\)) ?.{0,120}",
        r"(?:Copyright \d{4}\b.{0,120}|All rights reserved)\W*",
    ),
    _rule("timestamp", rf"(?:(?i:(?:first |last )?(?:published|updated|posted|modified)(?: on| at)?:?) )?{_DATE}\.?"),
    _rule(
        "browser notice",
        r"(?:To (?:view|watch|play|see|use|read|hear) .{0,60})?(?i:please|you (?:need|have) to) "
        r"(?:enable|turn on|allow) (?i:javascript|cookies)\b.{0,160}",
        r"(?:Sorry, )?[Yy]our browser (?:does not|doesn['’]t|cannot|can['’]t) (?:support|play|display) .{1,100}",
        r"(?i:javascript) (?:is|must be|needs to be|seems to be) (?:required|disabled|enabled)\b.{0,60}",
    ),
    _rule(
        "video",
        r"(?:WATCH|VIDEO|LISTEN|PHOTOS|GALLERY|Watch|Video|Gallery) ?(?:[:|▶]|>>).{1,140}",
        r"(?:Watch|Play|Click to (?:watch|play)) (?:the |this )?video(?: (?:above|below|here|now))?\W*",
    ),
    _rule(
        "comments",
        rf"Comments (?:are|have been) (?:now |currently )?(?:closed|disabled|turned off|off)(?: (?:for|on) {_THIS})?"
        r"(?:, but (?:trackbacks|pingbacks)(?: and (?:trackbacks|pingbacks))? are (?:open|closed))?\W*",
        r"(?:(?:Leave|Post|Add|Write) (?:a|your) (?:comment|reply)|(?:\d+|No) comments?(?: yet)?)\W*",
        r"(?:(?:View|Show|Read|Hide) (?:all )?(?:\d+ )?comments|Log in to (?:leave a )?comment)\W*",
        r"Your email address will not be published\W*|Required fields are marked\W*",
    ),
    _rule(
        "share",
        rf"(?:(?:Click to )?[Ss]hare (?:on|via|to) {_SITE}|Share {_THIS}(?: (?:on|via|with) .{{2,40}})?)\W*.{{0,30}}",
        r"(?:Share|Tweet|Email|Print|Copy link|Save|Bookmark)\W*",
        r"(?:Follow|Like|Join|Find) (?:us|@\w+|our (?:page|channel))\b"
        rf"(?:.{{0,40}} (?:on|at) (?:our )?{_SITE}\b.{{0,40}}|\W*)",
    ),
    _rule(
        "subscribe",
        r"(?:Subscribe|Sign up|Register|Click here to (?:subscribe|sign up)) (?:now )?(?:to|for) (?:our|the|your|this) "
        r"(?:[\w’'-]+ ){0,5}(?:newsletters?|e-?mails?|channel|podcast|alerts|briefing)(?: (?:here|now|today|below)|"
        r"[,.] .{0,60}| (?:to (?:get|receive|stay)|for|and (?:get|stay|never)) .{0,60})?\W*",
        r"(?:(?:Subscribe|Sign up)(?: now| today)?|Sign in|Log in|Already a (?:subscriber|member)\?.{0,30})\W*",
        r"(?:Download our (?:free )?app\b.{0,60}|Get (?:the latest|breaking|our) .{1,60} (?:in|to) your inbox)\W*",
    ),
    _rule(
        "read more",
        r"\W*(?i:(?:read|see) (?:more|also|next)|also read|related(?: (?:stories|articles|coverage|news))?)"
        r"(?: ?[:|>»].{0,200}|\W*)",
        r"(?:Click|Tap) here (?:to|for) (?:read|more|view|see)\b.{0,80}",
        r"(?:Article|Story) continues (?:below|after)(?: (?:this )?ad\w*)?\W*",
        r"(?i:advertisement|advertising|sponsored(?: content)?|skip (?:advertisement|to (?:main )?content))\W*",
    ),
    _rule(
        "photo credit",
        r"[\[(]?(?:FILE (?:PHOTO|IMAGE|PICTURE)S?|File (?:photo|image|picture))(?: ?[:|–—-].*|\W*)|FILE ?[–—-] .*",
        r"[\[(]?(?:Photo(?:graph|s)?|PHOTO|Image|IMAGE|Picture|Illustration|Caption)"
        r"(?: (?i:credits?|source|courtesy))? ?[:/|©].{1,160}",
        rf"[\[(]?(?:Photo|Photograph|Image|Picture|Video) (?:by|courtesy(?: of)?) {_PEOPLE}(?: ?[/|,].{{1,60}})?\W*",
        r"[\[(]?(?:AP Photo|REUTERS|Reuters|AFP|Getty Images?|EPA)/[A-Z][^.!?]{1,60}\W*|Getty Images",
        r".{0,60}/(?:Getty Images|AP Photo|AFP|REUTERS|Reuters|Shutterstock)\W*",
    ),
)

_APOSTROPHE = re.compile(r"(?<=\w)'(?=\w)|(?<=\s)'(?=\s)|'(?=\d|(?:em|n|til)\b)")
_BULLET = re.compile(r"[•‣▪▫◦●○■□∙·]")
_CLOCK = re.compile(r"\d ?[ap]\.m\.\s*\Z")
_DAY = re.compile(r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|[A-Z]{2,4}T\b|UTC\b")
_OPENING = re.compile(r"\s([\"“‘']\s*)\Z")
_LONG = 600  # characters: a sentence beyond this is a quotation of several


def segment(article: Article) -> Document:
    """Cuts an article into sentences; a Document, already cut, comes back unchanged.

    Paragraphs end at line breaks, except in text wrapped at a fixed width, where they end at blank lines. Sentences
    carry no white space at their ends, and never cross a paragraph. Text without a sentence gives an empty document.

    Returns:
        A Document whose `text[s.start:s.end] == s.text` for every sentence, with boilerplate marked.
    """
    if isinstance(article, Document):
        return article
    sentences: list[Sentence] = []
    for paragraph, (start, end) in enumerate(_paragraphs(article.text)):
        for left, right in _cut(article.text[start:end]):
            text = article.text[start + left : start + right]
            sentences.append(Sentence(len(sentences), start + left, start + right, text, paragraph))
    known = {f.name: getattr(article, f.name) for f in fields(Article)}
    return mark_boilerplate(Document(**known, sentences=tuple(sentences)))


def mark_boilerplate(document: Document) -> Document:
    """The document with bylines, sign-offs, notices, share lines and photo credits marked; marks already set stay."""
    marked = tuple(
        s if s.boilerplate or boilerplate_rule(s.text) is None else replace(s, boilerplate=True)
        for s in document.sentences
    )
    return document if marked == document.sentences else replace(document, sentences=marked)


def boilerplate_rule(sentence: str) -> str | None:
    """Name of the first rule that says this sentence is not the report, or None."""
    if len(sentence) > 400:
        return None
    line = " ".join(sentence.split())
    return next((name for name, pattern in BOILERPLATE if pattern.fullmatch(line)), None)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of each paragraph that is not blank."""
    lines, at = [], 0
    for line in text.splitlines(keepends=True):
        lines.append((at, at + len(line)))
        at += len(line)
    wrapped = _is_wrapped([text[start:end].rstrip() for start, end in lines])
    open_at: int | None = None
    for start, end in lines:
        if not text[start:end].strip():
            if open_at is not None:
                yield open_at, start
            open_at = None
        elif not wrapped:
            yield start, end
        elif open_at is None:
            open_at = start
    if open_at is not None:
        yield open_at, len(text)


def _is_wrapped(lines: list[str]) -> bool:
    """Whether lines break at a fixed width: most that run on into another are long, even and unfinished."""
    running = [line for line, after in pairwise(lines) if line and after.strip()]
    unfinished = [line for line in running if 40 <= len(line) <= 100 and line[-1] not in ".!?:…\"'”’)»"]
    return len(running) >= 3 and len(unfinished) >= 0.6 * len(running)


def _cut(paragraph: str) -> Iterator[tuple[int, int]]:
    """Start and end of each sentence, without the white space around it."""
    # sentencex panics at wide white space before an initial ("Mr\xa0B."), refuses lone surrogates, takes a stray
    # apostrophe for an opening quote and cuts nothing after a bullet. So it is given a stand-in of the same length,
    # whose offsets hold here too.
    stand_in = re.sub(r"[\ud800-\udfff]", "\ufffd", re.sub(r"\s", " ", paragraph))
    stand_in = _BULLET.sub("-", _APOSTROPHE.sub("ʼ", stand_in))
    ends: list[int] = []
    for boundary in get_sentence_boundaries("en", stand_in):
        start, end = boundary["start_index"], boundary["end_index"]
        if ends and _CLOCK.search(stand_in, max(0, start - 12), start) and _DAY.match(stand_in, start):
            ends.pop()
        if end - start > _LONG:
            ends += _ends_in_quotation(stand_in, start, end)
        ends.append(end)
    for start, end in pairwise(sorted([0, *ends])):
        piece = paragraph[start:end]
        if piece.strip():
            yield start + len(piece) - len(piece.lstrip()), start + len(piece.rstrip())


def _ends_in_quotation(text: str, start: int, end: int) -> list[int]:
    """Sentence ends inside a piece that sentencex keeps whole because it is quoted."""
    bare = re.sub(r"[\"“”‘’'()\[\]]", " ", text[start:end])
    ends = [start + boundary["end_index"] for boundary in get_sentence_boundaries("en", bare)]
    # An opening quotation mark belongs to what follows it.
    return [e - len(m[1]) if (m := _OPENING.search(text[start:e])) else e for e in ends if e < end]
