"""Comparisons that are asked for over the web: done one after the other, held in memory for a while."""

import logging
import shutil
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Empty, SimpleQueue
from secrets import token_urlsafe
from time import monotonic
from typing import TYPE_CHECKING, Literal

from toolkit.comparison import write_text
from toolkit.errors import OutputError, SamestoryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.comparison import Comparison
    from toolkit.config import CompareConfig
    from toolkit.types import Article

State = Literal["waiting", "running", "done", "failed"]
SWEEP = 30.0  # seconds between looks for results that are held too long, where nothing else is done
LOG = logging.getLogger(__name__)


class BusyError(SamestoryError):
    """Too many comparisons wait already."""


@dataclass
class Job:
    """One comparison asked for.

    Args:
        articles: What is compared.
        config: The options.
        id: Cannot be guessed; whoever knows it may read and delete the result.
        state: Where it stands; `failed` has a reason in `error`.
        stage: What is being done, of `done` / `total` steps.
        error: Why it failed.
        kept: The folder that the result was written to.
        unkept: Why it was not written, where it should have been; the result itself is there all the same.
        comparison: The result.
        report: The same as HTML, made beforehand, as the reader waits anyway.
        touched: When it was last asked for, in seconds of the monotonic clock.
        dropped: Whether it was deleted.
    """

    articles: "tuple[Article, ...]"
    config: "CompareConfig"
    id: str = field(default_factory=lambda: token_urlsafe(18))
    state: State = "waiting"
    stage: str = ""
    done: int = 0
    total: int = 0
    error: str = ""
    kept: str = ""
    unkept: str = ""
    comparison: "Comparison | None" = None
    report: str = ""
    touched: float = field(default_factory=monotonic)
    dropped: bool = False


class DroppedError(Exception):
    """The one who asked has deleted the job; raised inside the run to end it."""


class Jobs:
    """A queue with one worker: models use all cores, so two at once would each take twice as long.

    Args:
        keep: Folder that each result is written to; none is where it is None.
        held: Results in memory at most; the oldest goes first.
        waiting: Comparisons that may wait.
        minutes: How long a result stays in memory after it was last asked for.
    """

    def __init__(self, *, keep: Path | None = None, held: int = 30, waiting: int = 8, minutes: float = 60) -> None:
        self._keep, self._held, self._waiting, self._seconds = keep, held, waiting, 60 * minutes
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._queue: SimpleQueue[Job] = SimpleQueue()
        self._lock = threading.Lock()
        # a daemon, so that Ctrl-C need not wait for a comparison
        threading.Thread(target=self._work, daemon=True, name="samestory-compare").start()

    def submit(self, articles: "Sequence[Article]", *, config: "CompareConfig") -> Job:
        """Puts a comparison in the queue.

        Raises:
            BusyError: If too many wait.
        """
        job = Job(tuple(articles), config)
        with self._lock:
            self._forget()
            ahead = sum(j.state in {"waiting", "running"} for j in self._jobs.values())
            if ahead > self._waiting:
                raise BusyError(f"{ahead} comparisons are waiting already; try again in a few minutes")
            self._jobs[job.id] = job
        self._queue.put(job)
        return job

    def get(self, job_id: str) -> Job | None:
        """The job with this id, if it is still held."""
        with self._lock:
            self._forget()
            job = self._jobs.get(job_id)
            if job:
                job.touched = monotonic()
            return job

    def drop(self, job_id: str) -> bool:
        """Forgets a job, and ends it at its next step where it runs; False if there is none."""
        with self._lock:
            job = self._jobs.pop(job_id, None)
        if job:
            job.dropped = True
            job.articles, job.comparison, job.report = (), None, ""  # the worker may come to it only later
        return job is not None

    def _forget(self) -> None:
        ended = [j for j in self._jobs.values() if j.state in {"done", "failed"}]
        old = [j for j in ended if monotonic() - j.touched > self._seconds]
        for job in {j.id: j for j in (*old, *ended[: max(0, len(ended) - self._held)])}:
            del self._jobs[job]

    def _work(self) -> None:
        while True:
            self._next()

    def _next(self) -> None:
        """Does one job, if one comes before the next sweep; a job is held by nothing here once it is done."""
        try:
            job = self._queue.get(timeout=SWEEP)
        except Empty:
            with self._lock:
                self._forget()
            return
        if not job.dropped:
            self._run(job)

    def _run(self, job: Job) -> None:
        job.state = "running"
        from toolkit.compare import compare

        def tell(stage: str, done: int, total: int) -> None:
            if job.dropped:
                raise DroppedError
            job.stage, job.done, job.total = stage, done, total

        try:
            comparison = compare(job.articles, config=job.config, progress=tell)
            job.report = comparison.to_html()
        except DroppedError:
            return
        except SamestoryError as error:
            job.error = str(error)
        except Exception:  # a fault of ours must not end the worker, nor show its traceback to the web
            LOG.exception("a comparison failed")
            job.error = "the comparison failed for a reason that is ours; the server's log has it"
        else:
            self._take(job, comparison)
        job.state = "failed" if job.error else "done"
        job.touched = monotonic()

    def _take(self, job: Job, comparison: "Comparison") -> None:
        """Holds the result, and writes it where results are kept; a full disk does not cost the reader the result."""
        if job.dropped:
            return
        job.comparison = comparison
        if self._keep:
            try:
                job.kept = str(_kept(job, comparison, self._keep))
            except OutputError as error:
                LOG.error("a result was not kept: %s", error)
                job.unkept = str(error)


def _kept(job: Job, comparison: "Comparison", keep: Path) -> Path:
    """Writes the report, the result and the tables into a new folder, named by the time and the id, whole or not."""
    folder = keep / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{job.id}"
    part = folder.with_name(f"{folder.name}.part")
    try:
        part.mkdir(parents=True)
        write_text(part / "report.html", job.report)
        comparison.to_json(part / "result.json")
        comparison.to_csv(part / "tables")
        part.rename(folder)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror or error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder
