"""What the repository promises about itself."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

import toolkit
from toolkit import Comparison

ROOT = Path(__file__).parents[1]
MODULES = sorted(p.relative_to(ROOT) for p in (ROOT / "toolkit").rglob("*.py"))


def test_the_published_json_schema_is_that_of_the_types():
    published = json.loads((ROOT / "docs" / "comparison.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(published)
    assert published == Comparison.json_schema(), "run: make schema"


def test_the_schema_refuses_another_version():
    schema = Comparison.json_schema()
    assert schema["properties"]["schema"]["const"] == "samestory/comparison/1"


def test_every_direct_dependency_is_pinned():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    pins = [line for line in (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines() if line[:1] not in "#"]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins), "a pin is name==version, with no local tag"
    pinned = {normal(pin.partition("==")[0]) for pin in pins}
    assert {normal(re.split(r"[<>=!~\[; ]", want)[0]) for want in wanted} - pinned == set()


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


@pytest.mark.parametrize("module", MODULES, ids=str)
def test_modules_stay_small(module):
    assert len((ROOT / module).read_text(encoding="utf-8").splitlines()) <= 400


def test_the_version_is_one_version():
    assert re.fullmatch(r"\d+\.\d+\.\d+", toolkit.__version__)


def test_ci_runs_what_contributors_run():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    assert "make test" in script.read_text(encoding="utf-8")
    planned = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    for tool in ("ruff check", "ruff format --check", "mypy", "lint-imports", "deptry", "pytest", "eval.gate"):
        assert tool in planned
