"""What stands before every request: whose it is, how large it is, and what a browser may do with the answer."""

from collections.abc import Collection
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY = 30_000_000
DRAIN = 500_000_000  # of a body that is refused, read and thrown away
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# The report has a policy of its own in its head. Here it is said who may frame it, and that it is a stranger to this
# server even when it is opened alone: whatever ran in it could not ask for another result in the reader's name.
REPORT_POLICY = "frame-ancestors 'self'; sandbox allow-scripts allow-popups allow-modals"


class Guard:
    """Refuses requests that are not for this server, not from its own pages, or too large; sets the safety headers.

    Args:
        app: What answers.
        hosts: Names and addresses that this server is called by. A page elsewhere whose name was made to lead here
            (DNS rebinding) calls it otherwise.
    """

    def __init__(self, app: "ASGIApp", *, hosts: Collection[str]) -> None:
        self.app, self.hosts = app, frozenset(h.lower() for h in hosts)

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answers one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = {k.decode("latin-1").lower(): v.decode("latin-1") for k, v in scope["headers"]}
        refused = self._refused(scope["method"], headers)
        if refused is None:
            await self._answer(scope, receive, send)
            return
        if refused[0] == 413:
            await _drain(receive)
        await _refuse(send, *refused)

    async def _answer(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """The application's answer with the safety headers, or 413 where the body turns out too large."""
        body = _Body(receive)
        started = False

        async def answer(message: "Message") -> None:
            nonlocal started
            if body.too_large and not started:
                return  # whatever the application makes of a body that was cut short
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = [*message["headers"], *_safety(message["headers"])]
            await send(message)

        try:
            await self.app(scope, body.receive, answer)
        except _TooLargeError:
            if started:
                raise
        if body.too_large and not started:
            if body.more:
                await _drain(receive)
            await _refuse(send, 413, _too_large())

    def _refused(self, method: str, headers: dict[str, str]) -> tuple[int, str] | None:
        host = headers.get("host", "")
        if _name(host) not in self.hosts:
            return 421, f"this server is not called {host or 'nothing'}; see --allow-host"
        if method not in SAFE:
            origin = headers.get("origin")
            foreign = origin is not None and urlsplit(origin).netloc.lower() != host.lower()
            if foreign or headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
                return 403, "this comes from another page; use the page of this server itself"
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > MAX_BODY:
            return 413, _too_large()
        return None


class _TooLargeError(Exception):
    pass


class _Body:
    """The body, counted: a request without a length, or with a wrong one, is stopped too."""

    def __init__(self, receive: "Receive") -> None:
        self._receive, self._seen, self.more = receive, 0, True

    @property
    def too_large(self) -> bool:
        return self._seen > MAX_BODY

    async def receive(self) -> "Message":
        message = await self._receive()
        self._seen += len(message.get("body", b""))
        self.more = bool(message.get("more_body", False))
        if self.too_large:
            raise _TooLargeError
        return message


async def _drain(receive: "Receive") -> None:
    """Reads what is still being sent, up to a limit: a browser shows no answer that comes before it has sent all."""
    left = DRAIN
    while left > 0:
        message = await receive()
        left -= len(message.get("body", b""))
        if message["type"] != "http.request" or not message.get("more_body", False):
            return


def _safety(headers: "list[tuple[bytes, bytes]]") -> "list[tuple[bytes, bytes]]":
    own = {k.lower() for k, _ in headers}
    wanted = {
        b"content-security-policy": POLICY.encode(),
        b"x-content-type-options": b"nosniff",
        b"referrer-policy": b"same-origin",
        b"cache-control": b"no-store",
        b"cross-origin-opener-policy": b"same-origin",
        b"cross-origin-resource-policy": b"same-origin",
    }
    return [(k, v) for k, v in wanted.items() if k not in own]


def _name(host: str) -> str:
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def _too_large() -> str:
    return f"more than {MAX_BODY // 1_000_000} MB at once; give fewer or shorter reports"


async def _refuse(send: "Send", status: int, why: str) -> None:
    body = f"{why}\n".encode("utf-8", "replace")
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *_safety(headers)]})
    await send({"type": "http.response.body", "body": body})
