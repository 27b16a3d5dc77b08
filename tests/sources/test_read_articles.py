import csv
import json
import os
from datetime import date
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from toolkit.errors import ConfigError, SourceError
from toolkit.sources import files_of, read_articles

TEXT = "The ferry sank on Sunday. Forty people drowned, the coast guard said."
PAGE = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Ferry sinks | Harbour Post</title>
<meta property="og:title" content="Ferry sinks"><meta property="og:site_name" content="Harbour Post">
<meta property="article:published_time" content="2024-03-05T10:00:00Z"></head>
<body><nav><a href="/">Home</a></nav><article><h1>Ferry sinks</h1>
<p>{TEXT} It had left the harbour in the morning with far more cars on board than its papers allowed.</p>
<p>The owner’s lawyer said &lt;b&gt;nothing&lt;/b&gt; on Monday, and an inquiry opens in the capital next week.</p>
<script>alert("owned")</script></article></body></html>"""


@pytest.fixture
def page(tmp_path):
    path = tmp_path / "page.html"
    path.write_text(PAGE, encoding="utf-8")
    return path


def error_of(place, **options):
    with pytest.raises(SourceError) as caught:
        read_articles([place], **options)
    message = str(caught.value)
    assert "\n" not in message
    return message


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_text_in_each_encoding_is_untouched(tmp_path, encoding):
    text = "Ça va?\r\nThe ferry “Ørsted” sank. 😀"
    (tmp_path / "post.txt").write_bytes(text.encode(encoding))
    (article,) = read_articles([tmp_path / "post.txt"])
    assert article.text == text
    assert article.outlet == "post"


def test_an_older_encoding_is_detected(tmp_path):
    text = "The café’s owner said “no”, and the façade of the theatre fell into the sea on Sunday. " * 3
    (tmp_path / "post.txt").write_bytes(text.encode("cp1252"))
    (article,) = read_articles([str(tmp_path / "post.txt")])
    assert "The café" in article.text


def test_front_matter(tmp_path):
    front = "---\noutlet: Harbour Post\ntitle: 'Ferry: sinks'\ndate: 2024-03-05\ngroup: local\ntags: [a]\nurl:\n---\n"
    (tmp_path / "a.txt").write_text(front + TEXT)
    (article,) = read_articles([tmp_path / "a.txt"])
    assert article.text == TEXT
    assert (article.outlet, article.title, article.published) == ("Harbour Post", "Ferry: sinks", "2024-03-05")
    assert (article.group, article.url) == ("local", "")


@pytest.mark.parametrize(
    ("line", "field", "expected"),
    [
        ("outlet: Harbour Post: Late Edition", "outlet", "Harbour Post: Late Edition"),
        ('title: "Fire" at depot', "title", '"Fire" at depot'),
        ("title: 'Tis the season", "title", "'Tis the season"),
        ("title: @port says", "title", "@port says"),
    ],
)
def test_front_matter_that_is_no_yaml_is_taken_as_it_stands(tmp_path, line, field, expected):
    (tmp_path / "a.txt").write_text(f"---\n# by hand\n{line}\n\ngroup: 'local'\nurl: \n---\n{TEXT}")
    (article,) = read_articles([tmp_path / "a.txt"])
    assert getattr(article, field) == expected
    assert (article.group, article.url, article.text) == ("local", "", TEXT)


@pytest.mark.parametrize("text", ["---\nThe end: it came.", "---\n", "---\nnote: a\nThe ferry sank.", "--- title: a"])
def test_dashes_before_prose_are_no_unclosed_front_matter(tmp_path, text):
    (tmp_path / "a.txt").write_text(text)
    assert read_articles([tmp_path / "a.txt"])[0].text == text


def test_a_rule_of_dashes_is_not_front_matter(tmp_path):
    (tmp_path / "a.txt").write_text("---\nThe ferry sank.\n---\nThe end.")
    (article,) = read_articles([tmp_path / "a.txt"])
    assert article.text.startswith("---")


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "binary"),
        (bytes(range(1, 32)) * 9, "binary"),
        (b"\xff\xfe\x00\xd8", "begins as utf-16"),
        (b"---\noutlet: a: b\n- c\n---\nText.", "line 2: the front matter"),
        (b"---\nlayout: post\noutlet: a\n\nText.", "never closed"),
        (b"---\r\ntitle: a\r\nText that goes on.", "never closed"),
        (b"---\noutlet: [a]\n---\nText.", "'outlet' must be plain text"),
        (b"---\noutlet: a\n---\n\n", "no text"),
    ],
)
def test_bad_text_files_are_named(tmp_path, data, expected):
    path = tmp_path / "bad.txt"
    path.write_bytes(data)
    message = error_of(path)
    assert str(path) in message
    assert expected in message


def test_missing_file(tmp_path):
    assert "no such file" in error_of(tmp_path / "none.txt")


def test_html(page):
    (article,) = read_articles([page])
    assert (article.outlet, article.title, article.published) == ("Harbour Post", "Ferry sinks", "2024-03-05")
    assert "Forty people drowned" in article.text
    assert "alert" not in article.text
    assert "<b>nothing</b>" in article.text


def test_html_in_its_declared_encoding(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE.replace("utf-8", "windows-1252").encode("cp1252"))
    (article,) = read_articles([tmp_path / "a.html"])
    assert "owner’s lawyer" in article.text


@pytest.mark.parametrize("markup", ["<html><body></body></html>", "<" * 5000, "<div>" * 3000, "<?xml?><!DOCTYPE x>"])
def test_unreadable_html(tmp_path, markup):
    (tmp_path / "a.html").write_text(markup)
    assert "HTML" in error_of(tmp_path / "a.html")


def write_table(path, rows):
    if path.suffix == ".jsonl":
        path.write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        with path.open("w", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


@pytest.mark.parametrize("suffix", ["jsonl", "csv", "parquet"])
def test_tables(tmp_path, suffix):
    path = tmp_path / f"story.{suffix}"
    rows = [
        {"text": TEXT, "source": "Post", "date": "2024-03-05", "id": "n1", "group": "g", "url": "", "extra": "x"},
        {
            "text": "Line one.\nLine “two”.",
            "source": "",
            "date": "",
            "id": "",
            "group": "",
            "url": "https://www.b.org/x",
        },
        {"text": "Third.", "source": "", "date": "", "id": "n1", "group": "", "url": "", "extra": ""},
    ]
    write_table(path, rows)
    one, two, three = read_articles([path])
    assert (one.outlet, one.published, one.id, one.group) == ("Post", "2024-03-05", "n1", "g")
    assert (two.outlet, two.text) == ("b.org", "Line one.\nLine “two”.")
    assert (three.outlet, three.id) == ("story 3", "n1-2")


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("a.jsonl", '{"text": "A."}\n{"text"\n', "line 2: not valid JSON"),
        ("a.jsonl", '{"text": "A."}\n[1]\n', "line 2: expected a JSON object"),
        ("a.jsonl", '{"text": "A."}\n\n{"body": "B."}\n', "line 3: no text"),
        ("a.jsonl", '{"text": "A.", "title": ["x"]}', "line 1: 'title' must be text"),
        ("a.csv", "text,outlet\nA.,b\nA,b,c\n", "line 3: more fields"),
        ("a.csv", 'text,outlet\n"A.,b\n', "not valid CSV"),
        ("a.csv", "text,outlet\n,b\n", "line 2: no text"),
        ("a.csv", "body,outlet\nA.,b\n", "no column 'text'; it has body, outlet"),
        ("a.csv", "text,outlet\n", "no rows"),
        ("a.parquet", "text", "not a valid Parquet file"),
    ],
)
def test_bad_tables_name_the_line(tmp_path, name, content, expected):
    path = tmp_path / name
    path.write_text(content)
    message = error_of(path)
    assert str(path) in message
    assert expected in message


def test_a_folder_is_read_by_name(tmp_path, page):
    (tmp_path / "b.txt").write_text("B.")
    (tmp_path / "a.txt").write_text("A.")
    (tmp_path / "expected.json").write_text("{}")
    (tmp_path / ".hidden.txt").write_text("H.")
    assert [a.outlet for a in read_articles([tmp_path])] == ["a", "b", "Harbour Post"]


def test_an_empty_folder(tmp_path):
    assert "no articles in this folder" in error_of(tmp_path)


def test_a_name_too_long():
    assert "cannot be read: File name too long" in error_of("x" * 300)


def test_no_places():
    with pytest.raises(SourceError, match="no articles given"):
        read_articles([])


def test_outlets_and_groups(tmp_path):
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(f"{name}.")
    one, two = read_articles(
        [tmp_path / "a.txt", tmp_path / "b.txt"], outlets=["X", "Y"], groups={"Y": "left", "Z": "r"}
    )
    assert (one.outlet, one.group, two.outlet, two.group) == ("X", "", "Y", "left")
    with pytest.raises(ConfigError, match="expected 2 outlet names, got 1"):
        read_articles([tmp_path], outlets=["X"])
    with pytest.raises(ConfigError, match="expected 1 outlet name, got 2"):
        read_articles([tmp_path / "a.txt"], outlets=["X", "Y"])
    with pytest.raises(ConfigError, match="none of the outlets here: a, b"):
        read_articles([tmp_path], groups={"Z": "r"})


def test_lone_surrogates_of_json_are_replaced(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"text": "A \\ud800 ferry \\ud83d\\ude00.", "title": "\\udfff"}')
    (article,) = read_articles([tmp_path / "a.jsonl"])
    assert (article.text, article.title) == ("A \ufffd ferry \U0001f600.", "\ufffd")


def test_a_page_that_names_no_text_encoding(tmp_path):
    (tmp_path / "a.html").write_text(PAGE.replace("utf-8", "hex"), encoding="utf-8")
    (article,) = read_articles([tmp_path / "a.html"])
    assert "owner’s lawyer" in article.text


def test_typed_columns_are_written_out(tmp_path):
    pq.write_table(pa.table({"text": ["A."], "published": [date(2024, 3, 5)], "id": [7]}), tmp_path / "a.parquet")
    (article,) = read_articles([tmp_path / "a.parquet"])
    assert (article.published, article.id, article.outlet) == ("2024-03-05", "7", "a 1")


@pytest.mark.parametrize("suffix", ["txt", "html", "jsonl"])
def test_a_file_name_that_is_no_text(tmp_path, suffix):
    path = tmp_path / os.fsdecode(b"caf\xe9." + suffix.encode())
    content = {"txt": TEXT, "html": PAGE.replace("og:site_name", "x"), "jsonl": json.dumps({"text": TEXT})}[suffix]
    try:
        path.write_text(content, encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    (article,) = read_articles([path])
    assert article.outlet.startswith("caf\ufffd")


def test_surrogates_that_front_matter_spells_are_replaced(tmp_path):
    (tmp_path / "a.txt").write_text('---\ntitle: "a \\ud800"\n---\n' + TEXT)
    assert read_articles([tmp_path / "a.txt"])[0].title == "a \ufffd"


@pytest.mark.parametrize("headline", ["Ferry sinks", "FERRY  sinks"])
def test_the_headline_of_a_page_is_not_its_first_sentence(tmp_path, headline):
    (tmp_path / "a.html").write_text(PAGE.replace("<h1>Ferry sinks", f"<h1>{headline}"), encoding="utf-8")
    (article,) = read_articles([tmp_path / "a.html"])
    assert article.title == "Ferry sinks"
    assert article.text.startswith("The ferry sank on Sunday.")


def test_another_first_line_of_a_page_stays(tmp_path):
    (tmp_path / "a.html").write_text(PAGE.replace("<h1>Ferry sinks", "<h1>Ferry sinks at noon"), encoding="utf-8")
    assert read_articles([tmp_path / "a.html"])[0].text.startswith("Ferry sinks at noon")


@pytest.mark.parametrize(
    "place", ["localhost:8000/a", "127.0.0.1:80", "example.org:8080/a?b", "www.example.org/a.html"]
)
def test_an_address_without_its_scheme(place):
    assert error_of(place) == f"{place}: no such file; did you mean http://{place}?"


def test_a_file_that_only_looks_like_an_address(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "post:12").write_text(TEXT)
    assert read_articles(["post:12"])[0].text == TEXT


def test_an_empty_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.txt").write_text(TEXT)
    assert "empty name" in error_of("")


def test_files_of_names_what_is_opened(tmp_path):
    (tmp_path / "a.txt").write_text(TEXT)
    (tmp_path / "notes.md").write_text(TEXT)
    assert files_of([tmp_path, "none.txt", "https://example.org/a.txt"]) == (tmp_path / "a.txt", Path("none.txt"))
