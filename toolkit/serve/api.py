"""The JSON interface: what is sent, what comes back."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from toolkit.serve.intake import Mistake
from toolkit.serve.jobs import Job, State


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
            **{"error": job.error, "kept": job.kept, "page": at, "result": f"{at}/result.json"},
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


Download = Literal["report.html", "result.json", "tables.zip"]
