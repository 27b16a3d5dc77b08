"""What a reader hands over, made into articles: forms and JSON, with every mistake named at its place."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from toolkit.errors import SamestoryError, SourceError
from toolkit.sources import articles_in
from toolkit.sources.text import whole
from toolkit.sources.url import read_url
from toolkit.types import Article, with_unique_ids

if TYPE_CHECKING:
    from starlette.datastructures import FormData

LEAST, MOST = 2, 12
MAX_CHARACTERS = 200_000  # of an article: about forty pages of a newspaper
MAX_TOGETHER = 400_000  # of all articles; the time grows with the square of it
MAX_FILE = 5_000_000  # bytes; reading a page of more takes the parser minutes
READERS = 4  # links that are read at the same time
HEADER = ("outlet", "title", "published", "group")
Fetch = Callable[[str], Article]


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong with one report: its number from 1 (0 for all of them), the field, and a sentence."""

    report: int
    field: str
    message: str


class IntakeError(SamestoryError):
    """What was handed over cannot be compared; `mistakes` has every one that was found."""

    def __init__(self, message: str, *, mistakes: Iterable[Mistake] = ()) -> None:
        super().__init__(message)
        self.mistakes = tuple(mistakes) or (Mistake(0, "", message),)


@dataclass(frozen=True, slots=True)
class Given:
    """One report as it was handed over: text, a file or a link, with what the reader says of it."""

    text: str = ""
    url: str = ""
    file_name: str = ""
    file: bytes = b""
    outlet: str = ""
    title: str = ""
    published: str = ""
    group: str = ""

    @property
    def empty(self) -> bool:
        """True where nothing at all was given."""
        return not any((self.text.strip(), self.url, self.file_name, self.outlet, self.title))

    @property
    def source(self) -> str:
        """The field that the report is read from: `text`, `file` or `url`."""
        if self.file_name:
            return "text" if self.text.strip() else "file"  # with both, the text is the one to take away
        return "url" if self.url and not self.text.strip() else "text"

    def read(self, fetch: Fetch) -> tuple[Article, ...]:
        """Its articles: one, or those of a table.

        Raises:
            SourceError: If it cannot be read, or there is nothing or too much to read.
        """
        if self.file_name and self.text.strip():
            raise SourceError("there is both a text and a file; give one of them")
        if not (self.file_name or self.url or self.text.strip()):
            raise SourceError("it is empty; paste its text, choose its file or give its link")
        said = {name: getattr(self, name) for name in HEADER if getattr(self, name)}
        if self.file_name:
            if len(self.file) > MAX_FILE:
                raise SourceError(f"{self.file_name}: larger than {MAX_FILE // 1_000_000} MB; save its text alone")
            found = articles_in(self.file, name=self.file_name, most=MOST)
            if len(found) > 1 and self.outlet:
                raise SourceError(f"{self.file_name}: has {len(found)} reports, so it cannot have one outlet")
            return tuple(replace(a, **said) for a in found)
        if self.url and not self.text.strip():
            return (replace(fetch(self.url), **said),)
        return (Article(self.text, url=self.url, **said),)


async def from_form(form: "FormData") -> tuple[Given, ...]:
    """The reports of a form: fields `outlet-1`, `text-1`, `file-1`, … up to twelve; those left empty are left out."""
    given = []
    for n in range(1, MOST + 2):
        upload = form.get(f"file-{n}")
        name, data = "", b""
        if upload is not None and not isinstance(upload, str) and upload.filename:
            name, data = whole(upload.filename), await upload.read()
        fields = {key: _line(form.get(f"{key}-{n}")) for key in (*HEADER, "url")}
        text = form.get(f"text-{n}")
        # A browser sends each end of a line as CRLF, whatever was pasted.
        typed = whole(text).replace("\r\n", "\n") if isinstance(text, str) else ""
        given.append(Given(text=typed, file_name=name, file=data, **fields))
    while given and given[-1].empty:
        given.pop()
    return tuple(given)


def articles_of(given: Sequence[Given], *, fetch: Fetch) -> tuple[Article, ...]:
    """The articles of all reports, two to twelve.

    Args:
        given: The reports, in order.
        fetch: Reads a link.

    Raises:
        IntakeError: If one cannot be read, or there are too few or too many.
    """
    articles: list[Article] = []
    mistakes: list[Mistake] = []
    with ThreadPoolExecutor(READERS) as pool:
        tried = tuple(pool.map(partial(_tried, fetch=fetch), given))
    for n, (one, found) in enumerate(zip(given, tried, strict=True), 1):
        if isinstance(found, SourceError):
            mistakes.append(Mistake(n, one.source, f"Report {n}: {found}"))
            continue
        for a in found:
            if len(a.text) > MAX_CHARACTERS:
                much = f"{len(a.text):,} characters; at most {MAX_CHARACTERS:,} are compared here"
                mistakes.append(Mistake(n, one.source, f"Report {n} has {much}"))
        articles += (a if a.outlet else replace(a, outlet=f"Report {n}") for a in found)
    if not mistakes and not LEAST <= len(articles) <= MOST:
        what = f"{len(articles)} report{'s' * (len(articles) != 1)}"
        mistakes.append(Mistake(0, "", f"Expected {LEAST} to {MOST} reports, got {what}"))
    if not mistakes and (together := sum(len(a.text) for a in articles)) > MAX_TOGETHER:
        much = f"{together:,} characters together; at most {MAX_TOGETHER:,} are compared here"
        mistakes.append(Mistake(0, "", f"The reports have {much}"))
    if mistakes:
        raise IntakeError("; ".join(m.message for m in mistakes), mistakes=mistakes)
    return with_unique_ids(articles)


def _tried(one: Given, *, fetch: Fetch) -> tuple[Article, ...] | SourceError:
    """The articles of one report, or why there are none."""
    try:
        return one.read(fetch)
    except SourceError as error:
        return error


def fetcher(*, private: bool) -> Fetch:
    """A function that reads a link; private networks only where allowed."""
    return lambda url: read_url(url, public=not private)


def shown(articles: Sequence[Article]) -> tuple[Given, ...]:
    """Articles as a form shows them again."""
    return tuple(
        Given(text=a.text, url=a.url, outlet=a.outlet, title=a.title, published=a.published, group=a.group)
        for a in articles
    )


def of_json(articles: Sequence[Mapping[str, str]]) -> tuple[Given, ...]:
    """The reports of a JSON request."""
    return tuple(
        Given(
            text=whole(a.get("text", "")), url=_line(a.get("url")), outlet=_line(a.get("outlet")),
            title=_line(a.get("title")), published=_line(a.get("published")), group=_line(a.get("group")),
        )
        for a in articles
    )  # fmt: skip


def _line(value: object) -> str:
    return " ".join(whole(value).split()) if isinstance(value, str) else ""
