"""The example task of docs/evaluation.md loads, is predicted and is measured."""

import re
from pathlib import Path

import pytest

from eval.config import EvalConfig
from eval.stats import estimates
from toolkit.errors import SourceError

DOCS = Path(__file__).parents[2] / "docs" / "evaluation.md"
ROWS = "a,b,same\nThe bridge fell.,The bridge fell down.,1\nIt rained.,Prices rose again.,0\nHe won.,He won it.,1\n"


@pytest.fixture(scope="module")
def task():
    task_, imports = re.findall(r"^```python\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.M | re.S)
    assert len([line for line in task_.splitlines() if line]) <= 32
    namespace = {"__name__": "eval_docs"}
    exec(compile(imports + task_, str(DOCS), "exec"), namespace)  # the document's own code is what is tested
    return namespace["SameSentence"]()


def test_example_task_is_loaded_predicted_and_measured(task, tmp_path):
    (tmp_path / "same-sentence").mkdir()
    (tmp_path / "same-sentence" / "dev.csv").write_text(ROWS, encoding="utf-8")
    items = task.items(task.load(tmp_path))
    units = task.units(items, {i.id: [float(i.gold)] for i in items})
    measured = estimates(units, task.measure, rounds=20)
    assert (measured["ap"].value, measured["ap"].n) == (1.0, 3)


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"])
def test_example_task_says_what_is_wrong(task, tmp_path, text):
    with pytest.raises(SourceError, match=r"dev\.csv: no such file; get it from example\.org"):
        task.load(tmp_path)
    (tmp_path / "same-sentence").mkdir()
    (tmp_path / "same-sentence" / "dev.csv").write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="expected the columns"):
        task.load(tmp_path)


def test_example_config_is_valid(tmp_path):
    (block,) = re.findall(r"^```yaml\n(.*?)^```", DOCS.read_text(encoding="utf-8"), re.M | re.S)
    path = tmp_path / "c.yaml"
    path.write_text(block, encoding="utf-8")
    assert EvalConfig.from_yaml(path).metrics == ("alignment_f1", "false_differences_per_pair")
