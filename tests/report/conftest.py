import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

import pytest

# The fixture's module has no package, so it is read from its file once, under its own name.
if "report_fixture" not in sys.modules:
    spec = spec_from_file_location("report_fixture", Path(__file__).parents[1] / "report_fixture.py")
    sys.modules["report_fixture"] = module_from_spec(spec)
    spec.loader.exec_module(sys.modules["report_fixture"])


@pytest.fixture
def stories():
    return sys.modules["report_fixture"]


@pytest.fixture
def bridge(stories):
    return stories.bridge()


@pytest.fixture
def hostile(stories):
    return stories.hostile()


@pytest.fixture
def twins(stories):
    return stories.twins()
