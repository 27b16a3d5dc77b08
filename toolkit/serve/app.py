"""The web page and its JSON interface: thin doors to `compare`."""

import io
import zipfile
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from toolkit.config import CompareConfig
from toolkit.encode import MiniLM, SentenceTransformers
from toolkit.serve.api import ComparisonIn, Download, Refused, Status, refused_fields
from toolkit.serve.form import Form, form_of
from toolkit.serve.guard import REPORT_POLICY, Guard
from toolkit.serve.intake import (
    LEAST,
    MOST,
    Fetch,
    Given,
    IntakeError,
    Mistake,
    articles_of,
    fetcher,
    of_json,
    shown,
)
from toolkit.serve.jobs import BusyError, Job, Jobs

if TYPE_CHECKING:
    from fastapi import FastAPI, Request
    from fastapi.responses import Response
    from jinja2 import Environment

LOOPBACK = ("127.0.0.1", "localhost", "::1")
NONE: dict[int | str, dict[str, Any]] = {404: {"description": "There is no such comparison, or not any more"}}
_TYPES = {"report.html": "text/html", "result.json": "application/json", "tables.zip": "application/zip"}


@dataclass(frozen=True)
class ServeOptions:
    """How the page is served.

    Args:
        config: The options of every comparison.
        keep: Folder that each result is written to; None keeps nothing.
        hosts: Names and addresses that the server may be called by, beside those of this machine.
        private: Whether links may lead to this machine and to private networks.
        minutes: How long a result is held in memory after it was last asked for.
    """

    config: CompareConfig = field(default_factory=CompareConfig)
    keep: Path | None = None
    hosts: Collection[str] = ()
    private: bool = False
    minutes: float = 60


def create_app(options: ServeOptions | None = None) -> "FastAPI":
    """The application, for uvicorn or a test client.

    When it has shut down, its `state.ended` says whether the comparison that ran has ended too.

    Args:
        options: How it is served; the defaults are those of the command line.
    """
    from fastapi import FastAPI
    from fastapi.concurrency import run_in_threadpool
    from fastapi.exceptions import RequestValidationError
    from fastapi.staticfiles import StaticFiles

    from toolkit import __version__

    desk = _Desk(options or ServeOptions())

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield
        app.state.ended = await run_in_threadpool(desk.jobs.close)

    app = FastAPI(
        lifespan=lifespan,
        title="samestory",
        version=__version__,
        description="Several reports of one event: how they differ in putting it, in the words of both sides.",
        docs_url=None,  # its page would load scripts from elsewhere; ours stands at the same place
        redoc_url=None,
        responses={422: {"model": Refused, "description": "What is wrong, each mistake at its place"}},
    )
    app.add_middleware(Guard, hosts=(*LOOPBACK, *desk.options.hosts))
    app.mount("/static", StaticFiles(packages=[("toolkit.serve", "static")]), name="static")
    _add_pages(app, desk)
    _add_api(app, desk)
    app.add_exception_handler(RequestValidationError, _invalid)
    return app


class _Desk:
    """Takes reports in and gives results out, for the pages and the JSON interface alike."""

    def __init__(self, options: ServeOptions) -> None:
        self.options = options
        self.config = _without_traces(options.config)
        self.jobs = Jobs(keep=options.keep, minutes=options.minutes)
        self.fetch: Fetch = fetcher(private=options.private)

    async def submit(self, given: tuple[Given, ...], *, any_language: bool) -> Job:
        """Reads the reports and puts their comparison in the queue.

        Raises:
            IntakeError: If they cannot be compared.
            BusyError: If too many comparisons wait.
        """
        from fastapi.concurrency import run_in_threadpool

        articles = await run_in_threadpool(articles_of, given, fetch=self.fetch)
        config = self.config.model_copy(update={"any_language": True}) if any_language else self.config
        return self.jobs.submit(articles, config=config)

    def job(self, job_id: str) -> Job:
        """The job with this id, or the answer 404."""
        from fastapi import HTTPException

        job = self.jobs.get(job_id)
        if job is None:
            raise HTTPException(404, "no such comparison: it was deleted, or has not been asked for in a while")
        return job

    def file(self, job: Job, name: Download) -> bytes:
        """A result as a file, or the answer 409 where there is none yet."""
        from fastapi import HTTPException

        if job.comparison is None:
            raise HTTPException(409, job.error or "the comparison is not done yet")
        if name == "report.html":
            return job.report.encode()
        if name == "result.json":
            return job.comparison.to_json().encode()
        from toolkit.report.tables import csv_files

        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            for table, data in csv_files(job.comparison).items():
                archive.writestr(zipfile.ZipInfo(table), data)  # with no time in it: the same result, the same bytes
        return packed.getvalue()


def _without_traces(config: CompareConfig) -> CompareConfig:
    """The options without the encoder's cache, which would leave vectors on the disk; a folder named for it stays."""
    encoder = config.encoder
    if isinstance(encoder, (MiniLM, SentenceTransformers)) and encoder.cache and not encoder.cache_dir:
        return config.model_copy(update={"encoder": replace(encoder, cache=False)})
    return config


def _add_pages(app: "FastAPI", desk: _Desk) -> None:
    from fastapi import Request
    from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

    @app.get("/", include_in_schema=False)
    def form(reports: int = LEAST, again: str = "") -> HTMLResponse:
        job = desk.jobs.get(again) if again else None
        given = shown(job.articles) if job else ()
        any_language = bool(job and job.config.any_language)
        return HTMLResponse(_form(given, count=max(reports, len(given)), desk=desk, any_language=any_language))

    @app.post("/comparisons", include_in_schema=False)
    async def submit(request: Request) -> Response:
        for_script = request.headers.get("accept", "") == "application/json"
        form = Form()
        try:
            form = await form_of(request)
            if form.count and not for_script:
                return HTMLResponse(
                    _form(form.given[: form.count], count=form.count, desk=desk, any_language=form.any_language)
                )
            job = await desk.submit(form.given, any_language=form.any_language)
        except (IntakeError, BusyError) as error:
            mistakes = error.mistakes if isinstance(error, IntakeError) else (Mistake(0, "", str(error)),)
            if for_script:
                return JSONResponse(Refused.of(*mistakes).model_dump())
            page = _form(
                form.given, count=len(form.given), desk=desk, any_language=form.any_language, mistakes=mistakes
            )
            return HTMLResponse(page, status_code=422)
        at = f"/comparisons/{job.id}"
        return JSONResponse({"page": at}) if for_script else RedirectResponse(at, status_code=303)

    @app.get("/comparisons/{job_id}", include_in_schema=False)
    def comparison(job_id: str) -> HTMLResponse:
        job = desk.jobs.get(job_id)
        if job is None:
            return HTMLResponse(_page("gone.html.j2"), status_code=404)
        name = "result.html.j2" if job.state == "done" else "progress.html.j2"
        return HTMLResponse(_page(name, job=job, status=Status.of(job)))

    @app.post("/comparisons/{job_id}/delete", include_in_schema=False)
    def delete(job_id: str) -> RedirectResponse:
        desk.jobs.drop(job_id)
        return RedirectResponse("/", status_code=303)

    @app.get("/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(_page("docs.html.j2", schema=app.openapi()))


def _add_api(app: "FastAPI", desk: _Desk) -> None:
    from fastapi import HTTPException
    from fastapi.responses import JSONResponse, Response

    @app.post(
        "/api/comparisons", status_code=202, response_model=Status, summary="Compare reports",
        responses={503: {"model": Refused}},
    )  # fmt: skip
    async def submit(wanted: ComparisonIn) -> Any:
        """Takes two to twelve reports and gives the comparison's id at once; ask for its status until it is done."""
        given = of_json([a.model_dump() for a in wanted.articles])
        try:
            return Status.of(await desk.submit(given, any_language=wanted.any_language))
        except IntakeError as error:
            return JSONResponse(Refused.of(*error.mistakes).model_dump(), status_code=422)
        except BusyError as error:
            return JSONResponse(Refused.of(Mistake(0, "", str(error))).model_dump(), status_code=503)

    @app.get("/api/comparisons/{job_id}", summary="How far a comparison is", responses=NONE)
    def status(job_id: str) -> Status:
        """Its state (waiting, running, done or failed), its stage, and the addresses of its result."""
        return Status.of(desk.job(job_id))

    @app.delete("/api/comparisons/{job_id}", status_code=204, summary="Forget a comparison", responses=NONE)
    def delete(job_id: str) -> None:
        """Takes it out of memory, and ends it where it runs. What `--keep` wrote stays."""
        if not desk.jobs.drop(job_id):
            raise HTTPException(404, "no such comparison")

    @app.get(
        "/comparisons/{job_id}/{name}", summary="A result as a file", response_class=Response,
        responses={**NONE, 409: {"description": "There is no result yet, or there will be none"}},
    )  # fmt: skip
    def download(job_id: str, name: Download, download: bool = False) -> Response:
        """The report (HTML), the whole result (JSON, docs/json.md) or every table (CSV in a ZIP archive)."""
        content = desk.file(desk.job(job_id), name)
        headers = {"content-disposition": f'{"attachment" if download else "inline"}; filename="{name}"'}
        if name == "report.html":
            headers["content-security-policy"] = REPORT_POLICY
        return Response(content, media_type=_TYPES[name], headers=headers)


async def _invalid(_: "Request", error: Exception) -> "Response":
    """What is wrong with a request's form, without what was sent: that may be text which no answer can hold."""
    from fastapi.exceptions import RequestValidationError
    from fastapi.responses import JSONResponse

    found = error.errors() if isinstance(error, RequestValidationError) else ()
    return JSONResponse(refused_fields(found).model_dump(), status_code=422)


def _form(
    given: tuple[Given, ...], *, count: int, desk: _Desk, any_language: bool, mistakes: tuple[Mistake, ...] = ()
) -> str:
    """The page with the form, with fields for `count` reports, two to twelve."""
    rows = [*given[:MOST], *(Given() for _ in range(min(max(count, LEAST), MOST) - len(given)))]
    return _page(
        "form.html.j2", rows=rows, mistakes=mistakes, least=LEAST, most=MOST, keep=desk.options.keep,
        any_language=any_language,
    )  # fmt: skip


def _page(template: str, **values: Any) -> str:
    return _environment().get_template(template).render(**values)


@cache
def _environment() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined

    from toolkit.report.view import visible

    environment = Environment(
        loader=PackageLoader("toolkit.serve", "templates"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["visible"] = visible
    return environment
