"""What tests of several folders share."""

import os
import subprocess
import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def docs_site(tmp_path_factory):
    """The folder of the documentation site, built strictly and once."""
    place = tmp_path_factory.mktemp("docs") / "site"
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(place)]
    built = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True, check=False
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return place


@pytest.fixture(scope="session")
def stories():
    """The module of comparisons made by hand (report_fixture.py), which has no package to import it from."""
    name = "report_fixture"
    if name not in sys.modules:
        spec = spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
        sys.modules[name] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[name])
    return sys.modules[name]
