"""Small data in framediff's form, and configs over it, written for the tests."""

import json

import yaml

PLACES = ["harbour", "market", "bridge", "school", "station", "tower", "garden", "museum"]


def sides(n):
    place = PLACES[n % len(PLACES)]
    a = [
        f"The {place} was closed on day {n}.",
        "Police held the rioters.",
        "",
        f"It rained {n} times over the {place}.",
    ]
    b = [f"On day {n} the {place} was closed.", "Police held the protesters."]
    return [{"source": "x", "title": "", "sentences": a}, {"source": "y", "title": "", "sentences": b}]


def naming(a, b, left="rioters", right="protesters", kind="naming"):
    return {"kind": kind, "a": a, "b": b, "a_span": left, "b_span": right, "strength": 2, "why": ""}


def write_framediff(folder, names):
    one = {"alignments": [["A0", "B0"], ["A1", "B1"]],
           "differences": [naming("A1", "B1"), naming("A3", None, "It rained", None, "omission")]}  # fmt: skip
    two = {"alignments": [["A0", "B0"]], "differences": [naming("A1", "B1", "the rioters", "the protesters")]}
    for n, name in enumerate(names):
        files = {f"pairs/{name}.json": {"event": "e", "articles": sides(n)}}
        files |= {f"gold/{name}.1.json": one, f"gold/{name}.2.json": two}
        for path, content in files.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(json.dumps({"id": name, **content}), encoding="utf-8")
    return folder


def options(folder, **changes):
    return {
        "name": "made",
        "bootstrap": 50,
        "tasks": [{"kind": "framediff", "data_dir": str(folder)}],
        "systems": [{"kind": "cosine-compare", "encoder": {"kind": "fake"}}],
        **changes,
    }


def write_config(path, raw):
    path.write_text(yaml.safe_dump(raw), encoding="utf-8")
    return path
