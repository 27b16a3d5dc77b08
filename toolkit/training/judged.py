"""Claims as they come, judged beside a text: `annotations/judged.jsonl`.

None was changed to be true or untrue of the text that it stands beside. Language models read each for this project, and
said whether the text bears out all of it, and which of its words it does not (kept; nothing learns from them yet):

- `sibling`: what was written about one report of ECB+ or framediff (summaries, claims and their harmless edits), beside
  another report, mostly of the same event;
- `neutral`: sentences of NeuS's neutral summaries, beside one of the three leads that they sum up, or all of them;
- `generated`: what Gemma 3 270M wrote of reports of ECB+ and framediff, sentences taken over word for word left out.

Words that stand in the text too are given by their places there, or whole claims by where they are: no text of ECB+,
framediff or NeuS ships.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from toolkit.segment import segment
from toolkit.training.claims import Claim, annotated_articles, ecbplus_text, put_together
from toolkit.training.data import annotated
from toolkit.training.pairs import checked_text, ecbplus_folder, neus_file, neus_sentences
from toolkit.types import Article

JUDGED = ("sibling", "neutral", "generated")


def read_judged(shared: Path) -> Iterator[Claim]:
    """All of them, with whole texts still.

    Args:
        shared: Folder with `framediff/` and `data/`.

    Raises:
        SourceError: If a file is missing, or a text is not the one that was judged.
    """
    articles = {row["name"]: (row, sentences) for row, sentences in annotated_articles(shared)}
    folder, leads = ecbplus_folder(shared), neus_file(shared)
    sources, neutral = (p.read_text(encoding="utf-8").split("\n") for p in (leads, neus_file(shared, "target")))
    for raw in annotated("judged.jsonl"):
        if "written" in raw:
            row, sentences = articles[raw["written"]]
            article = "\n".join(sentences)
            texts = [put_together(c["text"], article) for c in raw["claims"]]
            place, source, key = folder, "generated", row["topic"]
        elif "from" in raw:
            texts = [_referred(articles[raw["from"]][0], c["ref"]) for c in raw["claims"]]
            sentences = ecbplus_text(folder / raw["file"].split("_")[0] / raw["file"])
            place, source, key = folder, "sibling", raw["file"].split("_")[0]
        else:
            line = raw["line"] - 1
            found = [s.text for s in segment(Article(neutral[line].split("ARTICLE=>")[-1].strip())).sentences]
            texts = [found[c["sentence"]] for c in raw["claims"]]
            every = neus_sentences(sources[line])
            sentences = [s for lead in every for s in lead] if raw["lead"] is None else every[raw["lead"]]
            place, source, key = leads, "neutral", f"n{raw['line']}"
        told = tuple(s for s in sentences if s.strip())
        checked_text(place, raw, [list(told)], name=f"{source} {raw.get('written') or raw.get('file') or key}")
        for text, verdict in zip(texts, raw["claims"], strict=True):
            wrong = tuple((start, end) for start, end in verdict.get("wrong", ()))
            yield Claim(source, key, text, told, supported=verdict["supported"], wrong=wrong)


def _referred(row: dict[str, Any], place: list[Any]) -> str:
    """One of the texts of a row of `summaries.jsonl`."""
    which, *numbers = place
    if which == "summary":
        return str(row["summary"][numbers[0]])
    claim = row["claims"][numbers[0]]
    return str(claim["seed"] if which == "seed" else claim[which][numbers[1]])
