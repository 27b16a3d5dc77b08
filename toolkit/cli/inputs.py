"""What a command reads: its config, its articles, a saved result."""

from collections.abc import Sequence
from contextlib import nullcontext
from typing import TYPE_CHECKING

from toolkit.cli import terminal
from toolkit.errors import ConfigError

if TYPE_CHECKING:
    from toolkit.config import CompareConfig
    from toolkit.types import Article


def read_config(path: str | None, *, any_language: bool) -> "CompareConfig":
    """The options of a YAML file, or the defaults.

    Raises:
        ConfigError: If the file or one of its options is wrong.
    """
    from toolkit.config import CompareConfig

    config = CompareConfig.from_yaml(path) if path else CompareConfig()
    return config.model_copy(update={"any_language": True}) if any_language else config


def read_places(
    places: Sequence[str], *, outlets: Sequence[str] | None = None, groups: Sequence[str] | None = None, quiet: bool
) -> "tuple[Article, ...]":
    """The articles at the places, with the user's own names and groups.

    Raises:
        SourceError: If one cannot be read.
        ConfigError: If names or groups do not fit the articles.
    """
    from toolkit.sources import read_articles

    labels, console = _groups(groups or ()), terminal.console(stderr=True)
    fetches = any("://" in place for place in places)
    with console.status("fetching") if fetches and not quiet and console.is_terminal else nullcontext():
        return read_articles(places, outlets=outlets or (), groups=labels)


def _groups(pairs: Sequence[str]) -> dict[str, str]:
    groups = {}
    for pair in pairs:
        outlet, equals, label = (part.strip() for part in pair.partition("="))
        if not (outlet and equals and label):
            raise ConfigError(f"--group {pair!r}: expected OUTLET=GROUP, such as --group Xinhua=state")
        groups[outlet] = label
    return groups
