"""Draws how often pairs said to make the same point do so, from `runs/align/held-out.json`.

The file is what `python -m toolkit.training.align … judge` wrote; every pair is judged by weights that did not see its
story.
"""

import argparse
import json
from pathlib import Path

import altair as alt
import pandas as pd


def main() -> None:
    """Writes the plot."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("held_out", type=Path)
    parser.add_argument("--plot", type=Path, default=Path("docs/alignment-reliability.svg"))
    args = parser.parse_args()
    frame = pd.DataFrame(json.loads(args.held_out.read_text(encoding="utf-8"))["reliability"])
    x = alt.X("said:Q", title="probability said", scale=alt.Scale(domain=[0, 1]))
    y = alt.Y("true:Q", title="share that make the same point", scale=alt.Scale(domain=[0, 1]))
    seen = alt.Chart(frame, width=300, height=300).mark_line(point=True).encode(x=x, y=y)
    counts = alt.Chart(frame).mark_text(dy=-12, fontSize=9).encode(x=x, y=y, text=alt.Text("pairs:Q", format=","))
    even = alt.Chart(pd.DataFrame({"said": [0, 1], "true": [0, 1]})).mark_line(strokeDash=[4, 4], color="grey")
    (even.encode(x=x, y=y) + seen + counts).save(args.plot)


if __name__ == "__main__":
    main()
