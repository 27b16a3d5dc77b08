"""The page that `samestory serve` gives, used as a reader would, against a real server with the real models."""

import json
import os
import re
import signal
import subprocess
import sys
import zipfile

import httpx
import pytest

from toolkit.comparison import Comparison

WIDE = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 375, "height": 720}, "has_touch": True, "is_mobile": True}
ONE = (
    "Engineers shut the Veldern bridge on Monday after finding cracks. The minister called the closure a precaution. "
    "The works could last a week, two engineers said."
)
TWO = (
    "Road crews shut the Veldern bridge on Monday. The minister called the closure a failure. "
    "The works will last six days, the ministry said."
)
PNG = {"name": "picture.png", "mimeType": "image/png", "buffer": b"\x89PNG\r\n\x1a\n\x00\x00"}


@pytest.fixture(scope="module")
def served():
    """The address of a server that runs as a user would start it."""
    command = [sys.executable, "-m", "toolkit.cli", "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    address = re.search(r"http://\S+", server.stdout.readline())[0]
    yield address
    server.send_signal(signal.SIGINT)
    assert server.wait(20) == 0
    server.stdout.close()


def test_it_ends_in_the_middle_of_a_comparison():
    command = [sys.executable, "-m", "toolkit.cli", "serve", "--port", "0"]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    address = re.search(r"http://\S+", server.stdout.readline())[0]
    sent = {"articles": [{"text": ONE * 20}, {"text": TWO * 20}]}
    job = httpx.post(f"{address}api/comparisons", json=sent).json()["id"]
    while httpx.get(f"{address}api/comparisons/{job}").json()["state"] == "waiting":
        pass
    server.send_signal(signal.SIGINT)
    _, said = server.communicate(timeout=20)
    assert (server.returncode, said) == (0, "")


def paste(page, *texts):
    for n, text in enumerate(texts, 1):
        page.locator(f"#text-{n}").fill(text)


def compared(page):
    """Waits for the report and gives the frame it stands in."""
    page.wait_for_selector("iframe", timeout=120_000)
    frame = page.frame_locator("iframe")
    frame.get_by_role("heading", name="Differences", exact=True).wait_for()
    return frame


def test_paste_progress_report_downloads(page, served, serious, tmp_path):
    page.goto(served)
    assert serious(page, "target-size") == []
    paste(page, ONE, TWO)
    page.locator("#outlet-1").fill("Wire")
    page.locator("#outlet-2").fill("State Agency")
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="Comparing 2 reports").wait_for()
    assert page.get_by_role("progressbar").is_visible()
    assert serious(page, "target-size") == []
    frame = compared(page)
    assert frame.get_by_text("One story, 2 reports").is_visible()
    frame.get_by_label("Find words").fill("precaution")
    assert frame.get_by_role("button", name="Wire: 1").is_visible()
    assert serious(page) == []
    files = {}
    for name in ("HTML", "JSON", "CSV"):
        with page.expect_download() as download:
            page.get_by_role("link", name=name, exact=True).click()
        files[name] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[name])
    comparison = Comparison.from_json(files["JSON"])
    assert [d.outlet for d in comparison.articles] == ["Wire", "State Agency"]
    assert comparison.differences
    assert files["HTML"].read_text(encoding="utf-8") == comparison.to_html()
    assert "differences.csv" in zipfile.ZipFile(files["CSV"]).namelist()
    page.get_by_role("link", name="Change reports").click()
    assert [page.locator(f"#text-{n}").input_value() for n in (1, 2)] == [ONE, TWO]
    page.go_back()
    page.get_by_role("button", name="Delete now").click()
    page.get_by_role("heading", name="Compare reports").wait_for()


def test_upload_and_deep_links_in_the_report_alone(page, served):
    page.goto(served)
    for n, text in enumerate((ONE, TWO), 1):
        upload = {"name": f"outlet {n}.txt", "mimeType": "text/plain", "buffer": text.encode()}
        page.locator(f"#file-{n}").set_input_files(upload)
    page.get_by_role("button", name="Compare").click()
    compared(page)
    page.goto(page.url + "/report.html#d1")
    assert page.evaluate("document.activeElement.id") == "d1"
    assert page.evaluate("origin") == "null"  # a stranger to the server, alone too
    page.get_by_role("button", name="Copy citation").first.click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.locator(".column").first.get_attribute("aria-label") == "outlet 1"


def test_a_table_of_reports_is_enough(page, served):
    page.goto(served)
    rows = "\n".join(json.dumps({"text": t, "outlet": o}) for t, o in ((ONE, "A"), (TWO, "B")))
    table = {"name": "two.jsonl", "mimeType": "application/json", "buffer": rows.encode()}
    page.locator("#file-1").set_input_files(table)
    page.get_by_role("button", name="Compare").click()
    compared(page)


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (PNG, "Report 2: picture.png: this is a binary file"),
        ({"name": "a.txt", "mimeType": "text/plain", "buffer": b""}, "Report 2: a.txt: the file is empty"),
        (None, "Expected 2 to 12 reports, got 1 report"),
    ],
    ids=["picture", "empty", "one report"],
)
def test_a_wrong_upload_is_told_and_what_was_typed_stays(page, served, serious, upload, said):
    page.goto(served)
    paste(page, ONE)
    if upload:
        page.locator("#file-2").set_input_files(upload)
    page.get_by_role("button", name="Compare").click()
    message = page.get_by_role("alert")
    message.wait_for()
    assert said in message.text_content()
    assert page.evaluate("document.activeElement.id") == "mistakes"
    assert page.locator("#text-1").input_value() == ONE
    assert serious(page) == []
    if upload:
        message.get_by_role("link").click()
        assert page.evaluate("document.activeElement.id") == "file-2"
        assert page.locator("#file-2").get_attribute("aria-invalid") == "true"


def test_a_failed_comparison_gives_the_reports_back(page, served, serious):
    german = "Die Ingenieure haben am Montag die Brücke gesperrt, weil sie Risse fanden. Das dauert wohl eine Woche."
    page.goto(served)
    paste(page, ONE, german)
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("heading", name="That could not be compared").wait_for(timeout=120_000)
    assert "'de'" in page.get_by_role("alert").text_content()
    assert serious(page, "target-size") == []
    page.get_by_role("link", name="Change the reports").click()
    assert page.locator("#text-2").input_value() == german


def test_reports_are_added_and_taken_away_up_to_twelve(page, served):
    page.goto(served)
    add = page.get_by_role("button", name="Add a report")
    assert page.get_by_role("button", name="Remove report 1").count() == 0  # two are the least
    for _ in range(10):
        add.click()
    assert page.evaluate("document.activeElement.id") == "outlet-12"
    assert add.is_disabled()
    assert page.locator(".report:visible").count() == 12
    page.locator("#text-11").fill("eleventh")
    page.locator("#text-12").fill("twelfth")
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Remove report 11").click()  # the question is answered with no
    assert page.locator("#text-11").input_value() == "eleventh"
    page.get_by_role("button", name="Remove report 3").click()  # nothing was typed there, so nothing is asked
    assert page.evaluate("document.activeElement.id") == "outlet-3"
    assert [page.locator(f"#text-{n}").input_value() for n in (10, 11)] == ["eleventh", "twelfth"]
    assert page.locator("#text-11").get_attribute("name") == "text-11"
    assert page.locator(".report:visible legend").all_text_contents() == [f"Report {n}" for n in range(1, 12)]
    assert len(set(page.locator("[id]").evaluate_all("all => all.map(e => e.id)"))) == page.locator("[id]").count()


def test_enter_in_a_field_means_compare(page, served):
    page.goto(served)
    page.locator("#outlet-1").press("Enter")
    page.get_by_role("alert").wait_for()
    assert page.locator(".report:visible").count() == 2


def test_a_file_that_is_too_large_is_told(page, served, tmp_path):
    page.goto(served)
    paste(page, ONE)
    for size, said in ((6_000_000, "Report 2: long.txt: larger than 5 MB"), (31_000_000, "more than 30 MB at once")):
        (tmp_path / "long.txt").write_bytes(b"x" * size)
        page.locator("#file-2").set_input_files(tmp_path / "long.txt")
        page.get_by_role("button", name="Compare").click()
        page.get_by_role("alert").get_by_text(said).wait_for()
    page.expected_errors.append("413")  # the browser notes the second answer
    assert page.locator("#text-1").input_value() == ONE


def test_keyboard_alone(page, served):
    page.goto(served)
    for text in (ONE, TWO):
        while page.evaluate("document.activeElement.tagName") != "TEXTAREA" or page.evaluate(
            "document.activeElement.value"
        ):
            page.keyboard.press("Tab")
        page.keyboard.insert_text(text)
    while page.evaluate("document.activeElement.textContent") != "Compare":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    compared(page)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_phone(open_page, served, serious, scheme):
    page = open_page(**PHONE, color_scheme=scheme)
    for path in ("", "docs"):
        page.goto(served + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        assert serious(page) == []


def test_without_a_script(open_page, served):
    page = open_page(java_script_enabled=False)
    page.goto(served)
    paste(page, ONE)
    page.locator("#group-1").evaluate("e => e.closest('details').open = true")
    page.locator("#group-1").fill("wires")
    page.get_by_role("button", name="Add a report").click()
    assert page.locator(".report").count() == 3
    assert page.locator("#text-1").input_value() == ONE
    assert page.locator("#group-1").is_visible()
    page.get_by_role("button", name="Remove the last").click()
    assert page.locator(".report").count() == 2
    page.get_by_role("button", name="Compare").click()
    assert "got 1 report" in page.get_by_role("alert").text_content()
    page.expected_errors.append("422")  # the browser notes such an answer
    assert page.locator("#text-1").input_value() == ONE
    page.locator("#text-2").fill(TWO)
    page.get_by_role("button", name="Compare").click()
    page.wait_for_selector("iframe", timeout=120_000)


def test_hostile_text_never_runs(page, served):
    evil = "<script>window.canary=1</script>"
    out = '"><img src="https://evil.example/x" onerror="window.canary=1">'
    page.goto(served)
    paste(page, f"{ONE} {evil} \u202e {'w' * 10_000} {out}", f"{TWO} {evil}")
    page.locator("#outlet-1").fill(out)
    page.locator("#outlet-2").fill(evil + "\u202e")
    page.locator("#title-1").fill("</title>" + evil)
    page.locator("#url-1").fill("javascript:window.canary=1")
    page.locator("#file-2").set_input_files({**PNG, "name": "<img src=x onerror=window.canary=1>\u202e.png"})
    page.get_by_role("button", name="Compare").click()
    page.get_by_role("alert").wait_for()
    assert "<img" in page.get_by_role("alert").text_content() or "both" in page.get_by_role("alert").text_content()
    page.locator("#file-2").set_input_files([])
    page.get_by_role("button", name="Compare").click()
    frame = compared(page)
    assert evil in frame.locator("#a1").text_content()
    for inside in page.frames:
        assert inside.evaluate("window.canary") is None
    assert frame.locator("img").count() == 0
