"""Comparisons that are asked for over the web: done one after the other, held in memory for a while."""

import logging
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import SimpleQueue
from secrets import token_urlsafe
from time import monotonic
from typing import TYPE_CHECKING, Literal

from toolkit.errors import OutputError, SamestoryError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from toolkit.comparison import Comparison
    from toolkit.config import CompareConfig
    from toolkit.types import Article

State = Literal["waiting", "running", "done", "failed"]
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
    comparison: "Comparison | None" = None
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
        return job is not None

    def _forget(self) -> None:
        ended = [j for j in self._jobs.values() if j.state in {"done", "failed"}]
        old = [j for j in ended if monotonic() - j.touched > self._seconds]
        for job in {j.id: j for j in (*old, *ended[: max(0, len(ended) - self._held)])}:
            del self._jobs[job]

    def _work(self) -> None:
        while True:
            job = self._queue.get()
            if not job.dropped:
                self._run(job)

    def _run(self, job: Job) -> None:
        from toolkit.compare import compare

        def tell(stage: str, done: int, total: int) -> None:
            if job.dropped:
                raise DroppedError
            job.stage, job.done, job.total = stage, done, total

        job.state = "running"
        try:
            comparison = compare(job.articles, config=job.config, progress=tell)
            if self._keep:
                job.kept = str(_kept(comparison, self._keep, job.id))
        except DroppedError:
            return
        except SamestoryError as error:
            job.error = str(error)
        except Exception:  # a fault of ours must not end the worker, nor show its traceback to the web
            LOG.exception("a comparison failed")
            job.error = "the comparison failed for a reason that is ours; the server's log has it"
        else:
            job.comparison = comparison
        job.state = "failed" if job.error else "done"
        job.touched = monotonic()


def _kept(comparison: "Comparison", keep: Path, job_id: str) -> Path:
    """Writes the report, the result and the tables into a new folder, named by the time and the id."""
    folder = keep / f"{datetime.now(UTC):%Y%m%d-%H%M%S}-{job_id}"
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise OutputError(f"{folder}: cannot be made: {error.strerror or error}") from error
    comparison.to_html(folder / "report.html")
    comparison.to_json(folder / "result.json")
    comparison.to_csv(folder / "tables")
    return folder
