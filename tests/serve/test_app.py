"""The page and the JSON interface without a browser: every route, limit and refusal."""

import io
import json
import threading
import time
import weakref
import zipfile
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib import import_module

import pytest
from starlette.testclient import TestClient

from toolkit.comparison import Comparison
from toolkit.config import CompareConfig
from toolkit.encode import MiniLM
from toolkit.errors import OutputError, SourceError
from toolkit.serve import jobs as jobs_module
from toolkit.serve.app import ServeOptions, create_app
from toolkit.serve.guard import MAX_BODY
from toolkit.serve.intake import MAX_CHARACTERS, MAX_FILE, Given, IntakeError, articles_of, fetcher
from toolkit.sources.url import read_url
from toolkit.types import Article

ONE = "Engineers shut the Veldern bridge on Monday after finding cracks. The works could last a week, they said."
TWO = "Road crews restored order at the Veldern bridge on Monday. The works will finish in six days."
BOTH = {"articles": [{"text": ONE, "outlet": "Wire"}, {"text": TWO, "outlet": "State Agency"}]}
TABLE = b'{"text": "a"}\n{"text": "b"}\n'
FORM = {"text-1": ONE, "outlet-1": "Wire", "text-2": TWO, "outlet-2": "State Agency"}


def client(**options):
    return TestClient(create_app(ServeOptions(**options)), base_url="http://127.0.0.1:8765", follow_redirects=False)


@pytest.fixture
def web():
    return client()


@pytest.fixture
def instant(monkeypatch, stories):
    """Comparisons that take no time: what is compared is the hand-made story, as the models are tested elsewhere."""
    made = []

    def compare(articles, *, config, progress):
        progress("reading", 0, 1)
        made.append((articles, config))
        return stories.bridge()

    monkeypatch.setattr(import_module("toolkit.compare"), "compare", compare)
    return made


def finished(web, job_id):
    for _ in range(2000):
        status = web.get(f"/api/comparisons/{job_id}").json()
        if status["state"] in {"done", "failed"}:
            return status
        time.sleep(0.02)
    raise AssertionError(status)


def test_real_models_from_json_to_result(web, tmp_path, monkeypatch):
    """The whole way with the real models, once."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    sent = web.post("/api/comparisons", json=BOTH)
    assert sent.status_code == 202
    status = finished(web, sent.json()["id"])
    assert status["state"] == "done"
    result = web.get(status["result"])
    comparison = Comparison.from_json(result.text)
    assert [d.outlet for d in comparison.articles] == ["Wire", "State Agency"]
    assert [d.text for d in comparison.articles] == [ONE, TWO]
    assert web.get(status["report"]).text == comparison.to_html()
    tables = zipfile.ZipFile(io.BytesIO(web.get(status["tables"]).content))
    assert "differences.csv" in tables.namelist()
    assert tables.read("articles.csv").decode().splitlines()[1].startswith(comparison.articles[0].id)
    assert list(tmp_path.rglob("*")) == []  # no vectors either


def test_form_to_page_to_downloads(web, instant):
    sent = web.post("/comparisons", data=FORM)
    assert sent.status_code == 303
    place = sent.headers["location"]
    finished(web, place.rsplit("/", 1)[1])
    page = web.get(place).text
    assert f'src="{place}/report.html"' in page
    saved = web.get(f"{place}/report.html?download=true")
    assert saved.headers["content-disposition"] == 'attachment; filename="report.html"'
    assert web.get(f"{place}/report.html").headers["content-disposition"].startswith("inline")
    policy = saved.headers["content-security-policy"].split("; ")
    assert policy == ["frame-ancestors 'self'", "sandbox allow-scripts allow-popups allow-modals"]
    ((articles, _),) = instant
    assert [(a.outlet, a.text) for a in articles] == [("Wire", ONE), ("State Agency", TWO)]


def test_files_and_links_come_in_too(web, instant, monkeypatch):
    monkeypatch.setattr("toolkit.serve.intake.read_url", lambda url, public: replace(_article(), url=url))
    table = "\n".join(json.dumps({"text": t, "outlet": o}) for t, o in ((ONE, "A"), (TWO, "B")))
    sent = client().post(
        "/comparisons",
        data={"url-2": "https://wire.example/bridge"},
        files={"file-1": ("two.jsonl", table.encode(), "application/json")},
    )
    assert sent.status_code == 303
    for _ in range(200):
        if instant:
            break
        time.sleep(0.01)
    ((articles, _),) = instant
    assert [(a.outlet, a.url) for a in articles] == [("A", ""), ("B", ""), ("Wire", "https://wire.example/bridge")]


def _article():
    return Article(ONE, outlet="Wire")


@pytest.mark.parametrize(
    ("data", "files", "said"),
    [
        ({"text-1": ONE}, {}, "Expected 2 to 12 reports, got 1 report"),
        ({"text-1": ONE, "text-3": TWO}, {}, "Report 2: it is empty"),
        ({f"text-{n}": ONE for n in range(1, 14)}, {}, "Expected 2 to 12 reports, got 13 reports"),
        ({"text-1": ONE}, {"file-2": ("a.png", b"\x89PNG\x00\x01", "image/png")}, "a.png: this is a binary file"),
        ({"text-1": ONE}, {"file-2": ("empty.txt", b"", "text/plain")}, "empty.txt: the file is empty"),
        ({"text-1": ONE, "text-2": TWO}, {"file-2": ("a.txt", b"x", "text/plain")}, "Report 2: there is both"),
        ({"text-1": ONE, "url-2": "ftp://x/y"}, {}, "only http and https addresses"),
        ({"text-1": ONE, "url-2": "http://127.0.0.1:9/"}, {}, "leads to this machine or a private network"),
        ({"text-1": ONE, "text-2": "x" * (MAX_CHARACTERS + 1)}, {}, "at most 200,000 are compared here"),
        ({"text-1": ONE}, {"file-2": ("a.txt", b"x" * (MAX_FILE + 1), "")}, "a.txt: larger than 5 MB"),
        ({"text-1": ONE}, {"file-2": ("t.jsonl", TABLE * 7, "")}, "more than 12 rows"),
        ({"text-1": ONE, "outlet-2": "O"}, {"file-2": ("t.jsonl", TABLE, "")}, "cannot have one"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_and_nothing_typed_is_lost(web, instant, data, files, said):
    answer = web.post("/comparisons", data=data, files=files or None)
    assert answer.status_code == 422
    assert said in answer.text.replace("&#39;", "'")
    assert ONE in answer.text
    told = web.post("/comparisons", data=data, files=files or None, headers={"accept": "application/json"})
    assert said in told.json()["mistakes"][0]["message"]
    assert not instant


def test_every_mistake_is_told_at_once(web):
    data = {"text-1": ONE, "url-2": "ftp://x/y"}
    files = {"file-3": ("a.png", b"\x89PNG\x00\x01", "image/png")}
    told = web.post("/comparisons", data=data, files=files, headers={"accept": "application/json"}).json()["mistakes"]
    assert [(m["report"], m["field"]) for m in told] == [(2, "url"), (3, "file")]


def test_json_mistakes(web):
    assert web.post("/api/comparisons", json={"articles": [{"text": ONE}]}).status_code == 422
    refused = web.post("/api/comparisons", json={"articles": [{"text": ONE}, {"text": ""}]})
    assert refused.json()["mistakes"][0]["report"] == 2
    assert web.post("/api/comparisons", json={"articles": [{"text": ONE, "path": "/etc/passwd"}]}).status_code == 422
    assert web.post("/api/comparisons", content=b"{").status_code == 422
    for method in ("get", "delete"):
        assert getattr(web, method)("/api/comparisons/none").status_code == 404
    assert web.get("/comparisons/none/report.html").status_code == 404
    assert web.get("/comparisons/none").status_code == 404
    assert web.get("/comparisons/none/passwd").status_code == 422


def test_a_failure_is_told_in_words_and_the_reports_come_back(web):
    german = (
        "Die Ingenieure haben am Montag die Brücke gesperrt, weil sie Risse gefunden hatten. Das dauert eine Woche."
    )
    sent = web.post("/api/comparisons", json={"articles": [{"text": ONE, "outlet": "Wire"}, {"text": german}]})
    status = finished(web, sent.json()["id"])
    assert status["state"] == "failed"
    assert "'de'" in status["error"]
    page = web.get(status["page"]).text
    assert "That could not be compared" in page
    assert german in web.get(f"/?again={status['id']}").text
    assert web.get(status["result"]).status_code == 409


def test_a_fault_of_ours_shows_no_traceback(web, monkeypatch):
    def broken(*_, **__):
        raise ZeroDivisionError("secret")

    monkeypatch.setattr(import_module("toolkit.compare"), "compare", broken)
    status = finished(web, web.post("/api/comparisons", json=BOTH).json()["id"])
    assert status["state"] == "failed"
    assert "secret" not in status["error"]
    assert "secret" not in web.get(status["page"]).text


def test_nothing_is_kept_unless_asked(instant, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    web = client()
    finished(web, web.post("/api/comparisons", json=BOTH).json()["id"])
    assert list(tmp_path.iterdir()) == []
    keeping = client(keep=tmp_path / "kept")
    status = finished(keeping, keeping.post("/api/comparisons", json=BOTH).json()["id"])
    (folder,) = (tmp_path / "kept").iterdir()
    assert status["kept"] == str(folder)
    assert Comparison.from_json(folder / "result.json").articles
    assert (folder / "report.html").is_file()
    assert (folder / "tables/differences.csv").is_file()


def test_what_cannot_be_kept_is_told_and_the_result_is_there(instant, tmp_path):
    (tmp_path / "file").write_text("x")
    web = client(keep=tmp_path / "file")
    status = finished(web, web.post("/api/comparisons", json=BOTH).json()["id"])
    assert status["state"] == "done"
    assert "cannot be made" in status["unkept"]
    assert "cannot be made" in web.get(status["page"]).text
    assert Comparison.from_json(web.get(status["result"]).text).articles


def test_a_result_is_kept_whole_or_not_at_all(instant, tmp_path, monkeypatch):
    def full(*_):
        raise OutputError("no space left")

    monkeypatch.setattr(Comparison, "to_csv", full)
    web = client(keep=tmp_path)
    status = finished(web, web.post("/api/comparisons", json=BOTH).json()["id"])
    assert "no space left" in status["unkept"]
    assert list(tmp_path.iterdir()) == []


def test_reading_leaves_no_vectors_on_the_disk(instant, tmp_path):
    finished(web := client(), web.post("/api/comparisons", json=BOTH).json()["id"])
    named = CompareConfig(encoder=MiniLM(cache_dir=str(tmp_path)))
    finished(web := client(config=named), web.post("/api/comparisons", json=BOTH).json()["id"])
    assert [config.encoder.cache for _, config in instant] == [False, True]


def test_deleting_forgets(web, instant):
    job = web.post("/api/comparisons", json=BOTH).json()["id"]
    finished(web, job)
    assert web.delete(f"/api/comparisons/{job}").status_code == 204
    assert web.get(f"/api/comparisons/{job}").status_code == 404
    other = web.post("/api/comparisons", json=BOTH).json()["id"]
    assert web.post(f"/comparisons/{other}/delete").headers["location"] == "/"
    assert web.get(f"/comparisons/{other}").status_code == 404


def test_deleting_ends_a_run_and_waiting_has_a_limit(monkeypatch, stories):
    started, go_on, ended = threading.Event(), threading.Event(), []

    def slow(articles, *, config, progress):
        started.set()
        go_on.wait(10)
        try:
            progress("aligning", 0, 1)
        except BaseException as error:
            ended.append(type(error).__name__)
            raise
        return stories.bridge()

    monkeypatch.setattr(import_module("toolkit.compare"), "compare", slow)
    web = client()
    first = web.post("/api/comparisons", json=BOTH).json()["id"]
    assert started.wait(5)
    answers = [web.post("/api/comparisons", json=BOTH).status_code for _ in range(9)]
    assert answers == [202] * 8 + [503]
    assert web.get(f"/comparisons/{first}").status_code == 200
    web.delete(f"/api/comparisons/{first}")
    go_on.set()
    for _ in range(200):
        if ended:
            break
        time.sleep(0.02)
    assert ended == ["DroppedError"]


def test_results_are_forgotten_after_a_while(instant, monkeypatch):
    web = client(minutes=1)
    job = web.post("/api/comparisons", json=BOTH).json()["id"]
    finished(web, job)
    real = time.monotonic
    monkeypatch.setattr(jobs_module, "monotonic", lambda: real() + 61)
    assert web.get(f"/api/comparisons/{job}").status_code == 404


def test_the_form_is_shown_anew_with_what_was_typed(web, instant):
    page = web.post("/comparisons", data={**FORM, "any_language": "on", "published-1": "2025-03-06", "reports": "3"})
    assert page.status_code == 200
    assert page.text.count('<fieldset class="report">') == 3 + 1
    assert ONE in page.text
    assert 'name="any_language" checked' in page.text
    assert page.text.count("<details open>") == 1
    for odd in ("99999999999999999999" * 300, "-1", "³", ""):
        assert web.post("/comparisons", data={"text-1": ONE, "reports": odd}).status_code in {200, 422}
    assert not instant


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:8765", "", "[::2]", "[broken"])
def test_only_its_own_names_are_answered(web, host):
    assert web.get("/", headers={"host": host}).status_code == 421


def test_other_names_where_allowed():
    web = client(hosts=("desk.example",))
    assert web.get("/", headers={"host": "desk.example:80"}).status_code == 200
    assert web.get("/", headers={"host": "localhost:8765"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"origin": "http://127.0.0.1:1"},
        {"sec-fetch-site": "cross-site"},
    ],
)
def test_other_pages_cannot_post(web, instant, headers):
    assert web.post("/comparisons", data=FORM, headers=headers).status_code == 403
    assert web.post("/api/comparisons", json=BOTH, headers=headers).status_code == 403
    assert not instant
    own = {"origin": "http://127.0.0.1:8765", "sec-fetch-site": "same-origin"}
    assert web.post("/comparisons", data=FORM, headers=own).status_code == 303


def test_links_are_read_side_by_side():
    together = threading.Barrier(3, timeout=5)

    def fetch(url):
        together.wait()  # breaks where they are read one after the other
        return Article(ONE, url=url)

    links = [f"https://paper.example/{n}" for n in range(3)]
    assert [a.url for a in articles_of([Given(url=u) for u in links], fetch=fetch)] == links


def test_what_is_too_large_is_refused(web):
    assert web.post("/comparisons", content=b"x", headers={"content-length": str(MAX_BODY + 1)}).status_code == 413
    assert web.post("/comparisons", content=b"x", headers={"content-length": "many"}).status_code == 413

    def without_a_length():
        yield b"text-1="
        yield from (b"x" * 1_000_000 for _ in range(31))

    answer = web.post(
        "/comparisons", content=without_a_length(), headers={"content-type": "application/x-www-form-urlencoded"}
    )
    assert answer.status_code == 413
    assert "more than 30 MB" in answer.text
    told = web.post("/api/comparisons", content=without_a_length(), headers={"content-type": "application/json"})
    assert told.status_code == 413


def test_lines_end_as_they_were_typed_and_reports_have_names(web, instant):
    place = web.post("/comparisons", data={"text-1": ONE.replace(". ", ".\r\n\r\n"), "text-2": TWO}).headers["location"]
    finished(web, place.rsplit("/", 1)[1])
    ((articles, _),) = instant
    assert articles[0].text == ONE.replace(". ", ".\n\n")
    assert [a.outlet for a in articles] == ["Report 1", "Report 2"]


def test_text_that_no_answer_can_hold_is_refused_in_words(web):
    sent = b'{"articles": [{"text": "a"}, {"text": "\\ud800"}, {"\\ud801": ""}]}'
    refused = web.post("/api/comparisons", content=sent, headers={"content-type": "application/json"})
    assert refused.status_code == 422
    assert [m["report"] for m in refused.json()["mistakes"]] == [3]
    assert web.post("/api/comparisons", content=b"[", headers={"content-type": "application/json"}).status_code == 422


def test_memory_is_given_back_without_a_visitor(instant, monkeypatch):
    monkeypatch.setattr(jobs_module, "SWEEP", 0.01)
    jobs = jobs_module.Jobs(minutes=1)
    job = weakref.ref(jobs.submit([Article(ONE), Article(TWO)], config=CompareConfig()))
    for _ in range(500):
        if (there := job()) is None or there.state == "done":
            break
        time.sleep(0.01)
    del there
    real = time.monotonic
    monkeypatch.setattr(jobs_module, "monotonic", lambda: real() + 61)
    for _ in range(500):
        if job() is None:
            break
        time.sleep(0.01)
    assert job() is None


def test_a_broken_form_is_told(web):
    answer = web.post(
        "/comparisons", content=b"--x\r\nbroken", headers={"content-type": "multipart/form-data; boundary=y"}
    )
    assert answer.status_code == 422


def test_headers_keep_the_page_to_itself(web):
    for path in ("/", "/docs", "/static/page.js", "/comparisons/none"):
        headers = web.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["cache-control"] == "no-store"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]


def test_docs_and_openapi_agree_and_load_nothing(web):
    schema = web.get("/openapi.json").json()
    page = web.get("/docs").text
    assert set(schema["paths"]) == {
        "/api/comparisons", "/api/comparisons/{job_id}", "/comparisons/{job_id}/{name}"
    }  # fmt: skip
    for path in schema["paths"]:
        assert path in page
    assert "http://" not in page.replace("http://127.0.0.1", "")
    assert "https://" not in page


def test_hostile_text_is_escaped(web, instant):
    evil = '"><script>window.canary=1</script>\u202e'
    answer = web.post("/comparisons", data={"text-1": evil, "outlet-1": evil, "url-1": evil, "text-2": ""})
    assert answer.status_code == 422
    assert "<script>window" not in answer.text
    name = "<img src=x onerror=alert(1)>\u202e.png"
    answer = web.post("/comparisons", data={"text-1": ONE}, files={"file-2": (name, b"\x00\x01", "image/png")})
    assert "<img" not in answer.text
    assert "⟦U+202E⟧" in answer.text


def test_more_reports_without_a_script(web):
    assert web.get("/?reports=5").text.count('<fieldset class="report">') == 5 + 1  # and one to copy
    assert web.get("/?reports=99").text.count('<fieldset class="report">') == 12 + 1


def test_a_name_that_leads_to_this_machine_is_not_read(monkeypatch):
    class Secret(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/plain")
            self.end_headers()
            self.wfile.write(b"secret")

        def log_message(self, *_):
            pass

    with HTTPServer(("127.0.0.1", 0), Secret) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/"
        assert read_url(address).text == "secret"
        with pytest.raises(SourceError, match="this machine or a private network"):
            read_url(address, public=True)
        with pytest.raises(IntakeError, match="private network"):
            articles_of([Given(url=address), Given(text=ONE)], fetch=fetcher(private=False))
        assert articles_of([Given(url=address), Given(text=ONE)], fetch=fetcher(private=True))[0].text == "secret"
        server.shutdown()
