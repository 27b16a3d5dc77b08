import subprocess
import sys

import pytest

import toolkit

PUBLIC = {
    "KINDS",
    "Article",
    "CompareConfig",
    "Comparison",
    "Difference",
    "Document",
    "Point",
    "SamestoryError",
    "Span",
    "Summary",
    "align",
    "compare",
    "read_articles",
    "summarize",
    "summarize_story",
    "summarize_stream",
}
HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "spacy",
    "pandas",
    "altair",
    "vl_convert",
    "trafilatura",
    "scipy",
    "sklearn",
    "krippendorff",
    "pyarrow",
}


def test_all_is_the_public_api_and_nothing_more():
    assert set(toolkit.__all__) == PUBLIC
    assert len(toolkit.__all__) == len(PUBLIC)


@pytest.mark.parametrize("name", sorted(PUBLIC))
def test_every_public_name_is_there(name):
    assert getattr(toolkit, name) is not None


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(AttributeError, match="no attribute 'Compare'; it has KINDS, Article"):
        _ = toolkit.Compare  # type: ignore[attr-defined]


def loaded_after(code):
    shown = subprocess.run(
        [sys.executable, "-c", f"{code}\nimport sys\nprint('MODULES', *sys.modules)"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return set(shown.partition("MODULES")[2].split())


@pytest.mark.parametrize(
    "code",
    [
        "import toolkit",
        "from toolkit import Article, Document, Comparison, SamestoryError, KINDS",
        "from toolkit.cli import main\nassert main(['--help']) == 0",
        "from toolkit.cli import main\nassert main(['compare', '--help']) == 0",
        "from toolkit.cli import main\nassert main(['--version']) == 0",
        "from toolkit.cli import main\nassert main(['compare', '--nonsense']) == 2",
        "from toolkit.cli import main\nassert main(['report', '--help']) == 0",
        "from toolkit.cli import main\nassert main(['agreement', '--help']) == 0",
        "from toolkit import CompareConfig",
    ],
)
def test_nothing_heavy_is_imported_before_it_is_used(code):
    assert loaded_after(code) & HEAVY == set()


def test_the_functions_are_not_hidden_by_the_modules_of_the_same_name():
    code = (
        "import toolkit.compare, toolkit.align, toolkit.summarize\n"
        "from toolkit import align, compare, summarize\n"
        "from toolkit import align as a, compare as c, summarize as s\n"
        "assert all(type(f).__name__ == 'function' for f in (align, compare, summarize, a, c, s))"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
