import pytest


@pytest.fixture
def bridge(stories):
    return stories.bridge()


@pytest.fixture
def hostile(stories):
    return stories.hostile()


@pytest.fixture
def twins(stories):
    return stories.twins()
