"""What grounding does to a language model's summaries: unsupported sentences and ROUGE, unguarded and guarded.

    python benchmarks/guarded_generation.py --data ../shared/data --out runs/guarded --articles 50

The model (by default Gemma 3 270M, extra `gemma`) writes a summary of three sentences of each of the first articles of
bench_llm_summ. `unguarded` is what it wrote; `guarded` is the same with every sentence that is not borne out replaced
by the article's nearest (`on_unsupported: replace`). Both are written to `summaries.json`, and a sheet of sentences
drawn from both, in random order and without saying which is which, to `sheet.jsonl`, for people to judge: put true or
false under "supported" and give the file back with --judged. Needs the harness's extra `eval`.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console

from eval.tasks._summary import rouge
from eval.tasks.bench_llm_summ import BenchLlmSumm
from toolkit.analyse import SpacyAnalyser
from toolkit.encode import MiniLM
from toolkit.segment import mark_boilerplate, segment
from toolkit.summarize import Causal, Grounding
from toolkit.types import Article, Document, Summary, SummarySentence

KINDS = ("unguarded", "guarded")
SHEET = 40  # sentences of each kind on the sheet


def main(argv: Sequence[str] | None = None) -> int:
    """Writes, grounds, and says what was seen; or counts a judged sheet."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, help="folder with bench_llm_summ")
    parser.add_argument("--out", type=Path, required=True, help="folder of the results")
    parser.add_argument("--articles", type=int, default=50, help="how many (default %(default)s)")
    parser.add_argument("--model", default="gemma-3-270m", help="a causal model (default %(default)s)")
    parser.add_argument("--batch", type=int, default=4, help="articles written at once (default %(default)s)")
    parser.add_argument(
        "--threshold", type=float, default=0.5, help="support that the guard asks for (default %(default)s)"
    )
    parser.add_argument("--judged", type=Path, help="a judged sheet: count it, and write nothing")
    args = parser.parse_args(argv)
    console = Console(width=100)
    if args.judged:
        _count(args.judged, args.out / "key.json", console)
        return 0
    task = BenchLlmSumm(limit=args.articles, semantic=False)
    items = task.items(task.load(args.data))
    documents = [mark_boilerplate(segment(Article(i.data["text"], id=i.id))) for i in items]
    args.out.mkdir(parents=True, exist_ok=True)
    made = _written(documents, args, console)
    found = _grounded(made, documents, threshold=args.threshold)
    references = [i.gold["references"] for i in items]
    _report(found, references, console)
    rows = {k: [_row(s) for s in some] for k, some in found.items()}
    (args.out / "summaries.json").write_text(json.dumps(rows, ensure_ascii=False, indent=1), encoding="utf-8")
    _sheet(found, documents, args.out)
    return 0


def _written(documents: Sequence[Document], args: argparse.Namespace, console: Console) -> list[list[str]]:
    """The sentences that the model wrote of each document; kept, so that a second run only grounds."""
    kept = args.out / "written.json"
    if kept.exists():
        known: list[list[str]] = json.loads(kept.read_text(encoding="utf-8"))
        if len(known) == len(documents):
            return known
    writer = Causal(model=args.model, batch_size=args.batch)
    summaries = writer.summarize_all(documents, progress=lambda done, of: console.print(f"{done} of {of} pieces"))
    texts = [[s.text for s in summary.sentences] for summary in summaries]
    kept.write_text(json.dumps(texts, ensure_ascii=False), encoding="utf-8")
    return texts


def _grounded(
    texts: Sequence[Sequence[str]], documents: Sequence[Document], *, threshold: float
) -> dict[str, list[Summary]]:  # fmt: skip
    encoder, analyser = MiniLM(), SpacyAnalyser()
    guard = Grounding(on_unsupported="replace", threshold=threshold)
    out: dict[str, list[Summary]] = {k: [] for k in KINDS}
    for own, document in zip(texts, documents, strict=True):
        rows = encoder.encode([s.text for s in document.sentences])
        raw = Summary(document.id, "causal", tuple(SummarySentence(t, 0.0, ()) for t in own))
        marked = Grounding().ground(raw, document, rows, encoder=encoder, analyser=analyser)
        out["unguarded"].append(marked)
        mended = guard.ground(raw, document, rows, encoder=encoder, analyser=analyser)
        # Judged anew, as what it says of itself is the very thing in question.
        bare = replace(mended, sentences=tuple(SummarySentence(s.text, 0.0, ()) for s in mended.sentences))
        out["guarded"].append(Grounding().ground(bare, document, rows, encoder=encoder, analyser=analyser))
    return out


def _report(found: dict[str, list[Summary]], references: Sequence[Sequence[str]], console: Console) -> None:
    scores = {}
    for kind, summaries in found.items():
        sentences = [s for x in summaries for s in x.sentences]
        bad = sum(bool(s.doubts) for s in sentences)
        whys = {w: sum(any(d.what == w for d in s.doubts) for s in sentences) for w in
                ("support", "name", "number", "quotation", "negation")}  # fmt: skip
        scores[kind] = [rouge(x.text, r) for x, r in zip(summaries, references, strict=True)]
        means = ", ".join(f"{m} {np.mean([s[m] for s in scores[kind]]):.3f}" for m in ("rouge1", "rouge2", "rougeL"))
        verbatim = sum(s.support == 1 and not s.doubts for s in sentences)
        console.print(f"{kind}: {bad} of {len(sentences)} sentences not borne out {whys}; {verbatim} verbatim; {means}")
    rng = np.random.default_rng(0)
    for metric in ("rouge1", "rouge2", "rougeL"):
        gain = np.array([g[metric] - u[metric] for g, u in zip(scores["guarded"], scores["unguarded"], strict=True)])
        draws = gain[rng.integers(0, len(gain), (1000, len(gain)))].mean(axis=1)
        low, high = np.percentile(draws, [2.5, 97.5])
        console.print(
            f"{metric}, guarded less unguarded: {gain.mean():+.4f} [{low:+.4f}, {high:+.4f}], n = {len(gain)}"
        )


def _row(summary: Summary) -> dict[str, Any]:
    said = [{"text": s.text, "support": s.support, "doubts": [d.what for d in s.doubts]} for s in summary.sentences]
    return {"article": summary.article, "sentences": said}


def _sheet(found: dict[str, list[Summary]], documents: Sequence[Document], out: Path) -> None:
    rng = np.random.default_rng(0)
    texts = {d.id: d.text for d in documents}
    rows: list[tuple[str, str, str]] = []
    for kind in KINDS:
        every = [(kind, x.article, s.text) for x in found[kind] for s in x.sentences]
        rows += [every[n] for n in sorted(rng.permutation(len(every))[:SHEET].tolist())]
    rows = [rows[n] for n in rng.permutation(len(rows)).tolist()]
    lines = [
        json.dumps({"n": n, "sentence": s, "article": texts[a], "supported": None}, ensure_ascii=False)
        for n, (_, a, s) in enumerate(rows)
    ]
    (out / "sheet.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (out / "key.json").write_text(json.dumps([k for k, _, _ in rows]), encoding="utf-8")


def _count(judged: Path, key: Path, console: Console) -> None:
    kinds = json.loads(key.read_text(encoding="utf-8"))
    rows = [json.loads(line) for line in judged.read_text(encoding="utf-8").splitlines() if line.strip()]
    for kind in KINDS:
        said = [bool(r["supported"]) for r in rows if kinds[r["n"]] == kind and r["supported"] is not None]
        console.print(f"{kind}: {said.count(False)} of {len(said)} judged unsupported")


if __name__ == "__main__":
    sys.exit(main())
