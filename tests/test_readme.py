"""The Python blocks of the README and of the pages that show how to use it run, and print what they say they print."""

import re
from pathlib import Path

import pytest

from toolkit.lowrank import has_bfloat16

ROOT = Path(__file__).parents[1]
BLOCK = re.compile(r"^```python\n(?P<code>.*?)^```\n(?:\n```text\n(?P<printed>.*?)^```\n)?", re.M | re.S)


@pytest.mark.parametrize("name", ["README.md", "docs/json.md", "docs/extend.md", "docs/quick-start.md"])
def test_python_blocks_run_and_print_what_they_say(name, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    blocks = list(BLOCK.finditer((ROOT / name).read_text(encoding="utf-8")))
    assert blocks
    namespace = {"__name__": name}
    for block in blocks:
        exec(compile(block["code"], name, "exec"), namespace)  # the document's own code is what is tested
        printed = capsys.readouterr().out
        if block["printed"] is not None:
            said = block["printed"]
            if (
                not has_bfloat16()
            ):  # where the models are read in float32, a pair at a threshold may fall on its other side
                said, printed = (re.sub(r"\d+ (?=shared|diff)", "# ", text) for text in (said, printed))
            assert said == printed, f"the ```text block of {name} is out of date; paste:\n{printed}"
