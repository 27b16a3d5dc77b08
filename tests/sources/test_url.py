import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from toolkit.errors import SourceError
from toolkit.sources import read_articles
from toolkit.sources import url as url_module

PAGE = (
    "<html><head><title>Ferry sinks</title></head><body><article><h1>Ferry sinks</h1><p>The ferry sank on Sunday and "
    "forty people drowned, the coast guard said in the capital.</p><p>The café’s owner, who saw it leave the harbour, "
    "said that it carried far more cars than its papers allowed.</p></article></body></html>"
)


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        name = self.path.strip("/").split("/")[0]
        getattr(self, f"send_{name}", self.send_missing)()

    def answer(self, body, content_type="text/html", status=200, **headers):
        self.send_response(status)
        for key, value in ({"content-type": content_type} | headers).items():
            self.send_header(key, value)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def send_page(self):
        self.answer(PAGE.encode("cp1252"), "text/html; charset=windows-1252")

    def send_text(self):
        self.answer(b"The ferry sank.", "text/plain")

    def send_missing(self):
        self.answer(b"gone", status=404)

    def send_pdf(self):
        self.answer(b"%PDF", "application/pdf")

    def send_empty(self):
        self.answer(b"")

    def send_loop(self):
        self.answer(b"", status=302, location="/loop")

    def send_moved(self):
        self.answer(b"", status=301, location="/text")

    def send_away(self):
        self.answer(b"", status=302, location="file:///etc/hostname")

    def send_astray(self):
        self.answer(b"", status=302, location="http://a]b/")

    def send_big(self):
        self.answer(b"a" * 20_000, "text/plain")

    def send_slow(self):
        time.sleep(1.0)

    def send_drip(self):
        self.send_response(200)
        self.send_header("content-type", "text/plain")
        self.end_headers()
        for _ in range(10):
            try:
                self.wfile.write(b"a")
            except OSError:
                return
            time.sleep(0.1)

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def site():
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)


def error_of(url, timeout=5.0):
    with pytest.raises(SourceError) as caught:
        read_articles([url], timeout=timeout)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_page(site):
    (article,) = read_articles([f"{site}/page"])
    assert "forty people drowned" in article.text
    assert "café’s" in article.text
    assert (article.outlet, article.url) == ("127.0.0.1", f"{site}/page")


def test_plain_text_after_a_redirect(site):
    (article,) = read_articles([f"{site}/moved"])
    assert article.text == "The ferry sank."


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("nowhere", "{}: answered 404"),
        ("pdf", "{}: sends application/pdf; expected text/html or text/plain"),
        ("empty", "{}: the page is empty"),
        ("loop", "{}: more than 5 redirects; give the address it ends at"),
        ("away", "{}: redirects to file:///etc/hostname: only http and https addresses are read, not file"),
        ("astray", "{}: redirects to http://a]b/: not a valid address"),
    ],
)
def test_what_goes_wrong_is_said_in_a_line(site, path, expected):
    assert error_of(f"{site}/{path}") == expected.format(f"{site}/{path}")


def test_too_large(site, monkeypatch):
    monkeypatch.setattr(url_module, "MAX_BYTES", 10_000)
    assert "larger than" in error_of(f"{site}/big")


@pytest.mark.parametrize("path", ["slow", "drip"])
def test_a_slow_site_times_out(site, path):
    assert error_of(f"{site}/{path}", timeout=0.3) == f"{site}/{path}: timed out after 0.3 s"


def test_nobody_there():
    assert "could not be fetched" in error_of("http://127.0.0.1:9/x")


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("ftp://example.org/a", "only http and https"),
        ("http://", "names no host"),
        ("http://[::1", "not a valid address"),
        ("http://example.org:port/", "not a valid address"),
    ],
)
def test_addresses_that_are_refused(url, expected):
    assert expected in error_of(url)


def test_credentials_are_refused_and_not_repeated():
    message = error_of("https://ann:secret@example.org/a")
    assert "user name or password" in message
    assert "secret" not in message
