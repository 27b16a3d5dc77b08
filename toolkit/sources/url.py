"""Articles from the web: one page an address, with limits on time, size, type and redirects."""

from contextlib import closing
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from toolkit.errors import SourceError
from toolkit.sources.addresses import public_address
from toolkit.sources.html import html_article
from toolkit.sources.text import decode, text_article
from toolkit.types import Article

if TYPE_CHECKING:
    import httpx

MAX_BYTES = 5_000_000
MAX_REDIRECTS = 5
_HTML = ("text/html", "application/xhtml+xml")
_TYPES = (*_HTML, "text/plain")


def read_url(url: str, *, timeout: float = 20.0, public: bool = False) -> Article:
    """The article at an http(s) address; outlet from the page's site name, else the host.

    Args:
        url: Where it is; an address with a user name or password in it is refused.
        timeout: Seconds for the whole of it.
        public: Whether to refuse what leads to this machine or a private network, by a redirect too. A server that
            fetches for others must. Each host is looked up once and connected to at the address that was checked; a
            proxy that the environment names is not used, as it would look the host up again.

    Raises:
        SourceError: If it cannot be fetched within the limits or holds no article.
    """
    data, content_type, charset, final = _fetch(url, timeout, public=public)
    outlet = (urlsplit(final).hostname or "").removeprefix("www.")
    if content_type in _HTML:
        return html_article(data, place=url, outlet=outlet, url=url, charset=charset)
    return text_article(decode(data, place=url, declared=charset), place=url, outlet=outlet, url=url)


def check_url(url: str) -> None:
    """Refuses what is not a plain web address.

    Raises:
        SourceError: If the scheme is not http(s), there is no host, or it carries credentials.
    """
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise SourceError(f"{url}: not a valid address") from None
    if parts.username is not None or parts.password is not None:
        raise SourceError(f"{parts.scheme}://…@{host}: addresses with a user name or password are not read")
    if parts.scheme not in {"http", "https"}:
        raise SourceError(f"{url}: only http and https addresses are read, not {parts.scheme or 'none'}")
    if not host:
        raise SourceError(f"{url}: the address names no host")


def _fetch(url: str, timeout: float, *, public: bool) -> tuple[bytes, str, str, str]:
    """The body, its type, its charset, and the address it came from in the end."""
    import httpx

    check_url(url)
    deadline, at = monotonic() + timeout, url
    try:
        headers = {"User-Agent": "samestory", "Accept": ", ".join(_TYPES)}
        with httpx.Client(timeout=timeout, headers=headers, trust_env=not public) as client:
            for _ in range(MAX_REDIRECTS + 1):
                request = _pinned(client, url, at) if public else client.build_request("GET", at)
                with closing(client.send(request, stream=True)) as response:
                    if response.has_redirect_location:
                        at = _redirected(url, at, response.headers["location"])
                        _check_time(url, deadline, timeout)
                        continue
                    content_type = _checked_type(url, response)
                    data = _body(url, response, deadline, timeout)
                    return data, content_type, response.charset_encoding or "", at
    except httpx.TimeoutException:
        raise SourceError(f"{url}: timed out after {timeout:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise SourceError(f"{url}: could not be fetched: {reason}") from None
    raise SourceError(f"{url}: more than {MAX_REDIRECTS} redirects; give the address it ends at")


def _pinned(client: "httpx.Client", url: str, at: str) -> "httpx.Request":
    """A request to the very address that was found public; the host's name goes into its header and its handshake."""
    import httpx

    there = httpx.URL(at)
    host = there.raw_host.decode("ascii")
    try:
        address = public_address(host, port=there.port or (443 if there.scheme == "https" else 80))
    except SourceError as error:
        raise SourceError(f"{url}: {error}") from None
    return client.build_request(
        "GET", there.copy_with(host=address), headers={"Host": there.netloc.decode("ascii")},
        extensions={"sni_hostname": host},
    )  # fmt: skip


def _redirected(url: str, at: str, location: str) -> str:
    """Where a redirect leads; the error of a bad one names the address that was given, too."""
    try:
        there = urljoin(at, location)
        check_url(there)
    except SourceError as error:
        raise SourceError(f"{url}: redirects to {error}") from None
    except ValueError:
        raise SourceError(f"{url}: redirects to {location}: not a valid address") from None
    return there


def _checked_type(url: str, response: "httpx.Response") -> str:
    if response.status_code != 200:
        raise SourceError(f"{url}: answered {response.status_code}")
    content_type = response.headers.get("content-type", "").split(";")[0].strip().lower()
    if content_type not in _TYPES:
        raise SourceError(f"{url}: sends {content_type or 'no content type'}; expected text/html or text/plain")
    return str(content_type)


def _body(url: str, response: "httpx.Response", deadline: float, timeout: float) -> bytes:
    data = bytearray()
    for chunk in response.iter_bytes():
        data += chunk
        if len(data) > MAX_BYTES:
            raise SourceError(f"{url}: larger than {MAX_BYTES // 1_000_000} MB; save the report as a text file instead")
        _check_time(url, deadline, timeout)
    if not data.strip():
        raise SourceError(f"{url}: the page is empty")
    return bytes(data)


def _check_time(url: str, deadline: float, timeout: float) -> None:
    if monotonic() > deadline:
        raise SourceError(f"{url}: timed out after {timeout:g} s")
