"""The JSON interface: what is sent, what comes back."""

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from toolkit.serve.intake import Mistake
from toolkit.serve.jobs import Job, State
from toolkit.sources.text import whole


class ArticleIn(BaseModel):
    """One report: its text, or a link to it."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field("", description="The report, untouched; offsets in the result are into it.")
    url: str = Field("", description="Where it was found; read from there if there is no text.")
    outlet: str = Field("", description="Who published it, for display only.")
    title: str = ""
    published: str = Field("", description="ISO 8601 date or time.")
    group: str = Field("", description="Your own label for a group of outlets.")


class ComparisonIn(BaseModel):
    """Two to twelve reports of one event."""

    model_config = ConfigDict(extra="forbid")

    articles: list[ArticleIn]
    any_language: bool = Field(False, description="Go on with a language that the analysis was not made for.")


class Status(BaseModel):
    """How far a comparison is, and where its result stands once it is done."""

    id: str
    state: State
    stage: str = Field(description="What is being done: reading, encoding, aligning, comparing.")
    done: int
    total: int
    error: str = Field(description="Why it failed; else empty.")
    kept: str = Field(description="The folder it was written to, where the server keeps results; else empty.")
    unkept: str = Field(description="Why it could not be written there; the result is held in memory all the same.")
    page: str
    result: str
    report: str
    tables: str

    @classmethod
    def of(cls, job: Job) -> "Status":
        """The status of a job, with the addresses that belong to it."""
        at = f"/comparisons/{job.id}"
        return cls(
            **{"id": job.id, "state": job.state, "stage": job.stage, "done": job.done, "total": job.total},
            **{"error": job.error, "kept": job.kept, "unkept": job.unkept, "page": at, "result": f"{at}/result.json"},
            **{"report": f"{at}/report.html", "tables": f"{at}/tables.zip"},
        )


class MistakeOut(BaseModel):
    """What is wrong with one report of a request; number 0 is the request as a whole."""

    report: int
    field: str
    message: str


class Refused(BaseModel):
    """Why a request was refused, each mistake at its place."""

    mistakes: list[MistakeOut]

    @classmethod
    def of(cls, *mistakes: Mistake) -> "Refused":
        """The mistakes as they are sent."""
        return cls(mistakes=[MistakeOut(report=m.report, field=m.field, message=m.message) for m in mistakes])


def refused_fields(errors: Iterable[Mapping[str, Any]]) -> Refused:
    """The errors of pydantic as mistakes at their places, in words that can be sent whatever the request held."""
    mistakes = []
    for error in errors:
        place = [str(part) for part in error["loc"][1:]]  # the first says where in the request: body, query, path
        report = int(place[1]) + 1 if place[:1] == ["articles"] and len(place) > 1 and place[1].isdigit() else 0
        name = place[-1] if place and not place[-1].isdigit() else ""
        what = error["msg"].removeprefix("Value error, ")
        mistakes.append(Mistake(report, whole(name), whole(f"{'.'.join(place)}: {what}" if place else what)))
    return Refused.of(*mistakes)


Download = Literal["report.html", "result.json", "tables.zip"]
