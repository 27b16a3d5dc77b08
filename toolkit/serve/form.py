"""The form of the page as it is sent: read in memory, uploads too."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from toolkit.serve.guard import MAX_BODY
from toolkit.serve.intake import MOST, Given, IntakeError, from_form

if TYPE_CHECKING:
    from fastapi import Request
    from starlette.datastructures import FormData


@dataclass(frozen=True, slots=True)
class Form:
    """What a form holds.

    Args:
        given: The reports.
        any_language: Whether any language will do.
        count: How many fields for reports the reader asks to see, instead of a comparison; 0 for a comparison.
    """

    given: tuple[Given, ...] = ()
    any_language: bool = False
    count: int = 0


async def form_of(request: "Request") -> Form:
    """The form of a request, read.

    Raises:
        IntakeError: If it is no form.
    """
    sent = await _parsed(request)
    try:
        count = sent.get("reports")
        wanted = int(count[:3]) if isinstance(count, str) and count.isdecimal() else 0
        return Form(await from_form(sent), sent.get("any_language") == "on", wanted)
    finally:
        await sent.close()


async def _parsed(request: "Request") -> "FormData":
    """The form, with uploads in memory: by itself the parser writes what is large to the disk."""
    from starlette.formparsers import FormParser, MultiPartException, MultiPartParser

    class InMemory(MultiPartParser):
        spool_max_size = MAX_BODY

    if request.headers.get("content-type", "").startswith("multipart/form-data"):
        limits = {"max_files": MOST + 1, "max_fields": 10 * (MOST + 1), "max_part_size": MAX_BODY}
        try:
            return await InMemory(request.headers, request.stream(), **limits).parse()
        except MultiPartException as error:
            raise IntakeError(f"the form could not be read: {error.message}") from None
    return await FormParser(request.headers, request.stream()).parse()
