"""Where the command line's results go: checked before a long run, written together after it."""

import os
import stat
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import get_args

from toolkit.comparison import Table, write_text
from toolkit.errors import ConfigError, OutputError
from toolkit.report.files import SHEET_FILES, write_folder
from toolkit.sources import files_of

STDOUT = "-"
_STDOUT_NAMES = (STDOUT, "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
_Key = str | tuple[int, int]
# The options that take a folder, and the files they put there.
_FOLDERS: dict[str, tuple[str, ...]] = {
    "--csv": tuple(f"{table}.csv" for table in get_args(Table)),
    "--parquet": tuple(f"{table}.parquet" for table in get_args(Table)),
    "--sheet": SHEET_FILES,
}


@dataclass(frozen=True)
class Outputs:
    """The results asked for, by option; `-` is standard output.

    Args:
        names: What each option was given; None or left out where it was not.
    """

    names: Mapping[str, str | None]
    given: dict[str, str] = field(init=False)

    def __post_init__(self) -> None:
        given = {o: STDOUT if n in _STDOUT_NAMES else n for o, n in self.names.items() if n is not None}
        object.__setattr__(self, "given", given)

    @property
    def on_stdout(self) -> bool:
        """Whether a result is standard output itself, so that nothing else may be printed there."""
        return STDOUT in self.given.values()

    def check(self, places: Sequence[str], *, others: Mapping[str, str] | None = None) -> None:
        """Finds what cannot be written before anything is done, so that nothing is lost and nothing left half done.

        Args:
            places: What is to be read; neither its files nor anything in its folders is written over.
            others: What each other file to read is, by path; these are not written over either.

        Raises:
            OutputError: If an output is an input, in the way of another, or cannot be written.
        """
        read = {_key(file): "is one of the articles to read; give another name" for file in files_of(places)}
        for path, what in (others or {}).items():
            read[_key(Path(path))] = f"is {what} to read; give another name"
        folders = [Path(os.path.realpath(p)) for p in places if "://" not in p and _is_dir(p)]
        taken: dict[_Key, str] = {}
        for option, name in self.given.items():
            problem = _misnamed(option, name) or _in_the_way(option, name, read, folders, taken)
            if problem:
                raise OutputError(f"{option} {name}: {problem}" if name else f"{option}: {problem}")
        for option, name in self.given.items():
            for target in _targets(option, name):
                if problem := _unwritable(target):
                    raise OutputError(f"{option} {name}: {problem}")

    def write(self, texts: Mapping[str, str], *, folders: Mapping[str, Mapping[str, bytes]] | None = None) -> None:
        """Writes each option's text where it was asked for, and the files of each option that takes a folder.

        Raises:
            OutputError: If a file cannot be written.
        """
        for option, files in (folders or {}).items():
            write_folder(Path(self.given[option]), files=files)
        for option, text in texts.items():
            if self.given[option] == STDOUT:
                _write_stdout(text)
            else:
                write_text(Path(self.given[option]), text)


def checked(
    names: Mapping[str, str | None],
    *,
    places: Sequence[str] = (),
    config: str | None = None,
    read: Mapping[str, str] | None = None,
) -> Outputs:
    """The outputs, once it is known that they can be written and that no name is empty.

    Args:
        names: What each option was given; None where it was not.
        places: The articles to read.
        config: The config file to read.
        read: Results and sheets to read, by the argument that names them.

    Raises:
        ConfigError: If a name is empty.
        OutputError: If an output is an input, in the way of another, or cannot be written.
    """
    read = read or {}
    check_names({**names, "--config": config, **read}, places)
    outputs = Outputs(names)
    others = {path: "one of the files" for path in read.values()}
    outputs.check(places, others=others | ({config: "the config file"} if config else {}))
    return outputs


def check_names(values: Mapping[str, str | None], places: Iterable[str]) -> None:
    """Refuses empty names, which a path would take for the folder one stands in.

    Raises:
        ConfigError: If one is empty; the message names it.
    """
    for option, value in values.items():
        if value is not None and not value.strip():
            raise ConfigError(f"{option}: got an empty name; expected a path")
    for number, place in enumerate(places, start=1):
        if not place.strip():
            raise ConfigError(f"PLACES: number {number} is empty; expected a file, a folder or an address")


def _targets(option: str, name: str) -> list[Path]:
    """The files an option writes; standard output is none."""
    if name == STDOUT:
        return []
    return [Path(name) / file for file in _FOLDERS[option]] if option in _FOLDERS else [Path(name)]


def _misnamed(option: str, name: str) -> str:
    """Why the name alone is wrong, or nothing."""
    if option in _FOLDERS:
        if name == STDOUT:
            return "several files cannot go to standard output; expected the name of a folder"
        if os.path.lexists(name) and not Path(name).is_dir():
            return f"cannot be written: {name} is not a folder"
    elif name != STDOUT and (name.endswith(("/", os.sep)) or _is_dir(name)):
        return "is a folder; expected the name of a file"
    return ""


def _in_the_way(
    option: str, name: str, read: Mapping[_Key, str], folders: Sequence[Path], taken: dict[_Key, str]
) -> str:
    """Which input or other output the option would write over, or nothing; what it writes is put to `taken`."""
    if name == STDOUT:
        if STDOUT in taken:
            return f"{taken[STDOUT]} writes there too; give each its own place"
        taken[STDOUT] = option
        return ""
    # A folder stands for itself too: a file of that name leaves no room for it. Two options may share one.
    targets = _targets(option, name)
    own = [*targets, Path(name)] if option in _FOLDERS else targets
    for path in own:
        whole = Path(os.path.realpath(path))
        for folder in folders:
            if whole == folder or folder in whole.parents:
                return f"is inside {folder}, a folder of articles to read; write somewhere else"
        other = taken.get(_key(path))
        if other and not (path == Path(name) and {option, other} <= _FOLDERS.keys()):
            return f"{other} writes there too; give each its own place"
    # The neighbour each file is first written to must not be an article either.
    for path in [*own, *(_part(target) for target in targets)]:
        if problem := read.get(_key(path)):
            return problem if len(targets) == 1 else f"{path} {problem}"
    taken.update(dict.fromkeys(map(_key, own), option))
    return ""


def _key(path: Path) -> _Key:
    """The same for two names of one file, there or not."""
    try:
        found = path.stat()
    except (OSError, ValueError):
        return os.path.realpath(path)
    return (found.st_dev, found.st_ino)


def _part(path: Path) -> Path:
    whole = Path(os.path.realpath(path))
    return whole.with_name(whole.name + ".part")


def _unwritable(target: Path) -> str:
    """Why the file cannot be written, found by making its neighbour and taking it away again; or nothing."""
    try:
        if target.exists() and not stat.S_ISREG(target.stat().st_mode):
            return f"cannot be written: {target} is a folder" if target.is_dir() else ""  # a pipe is written straight
        part = _part(target)
        missing = [folder for folder in part.parents if not folder.exists()]
    except (OSError, ValueError) as error:
        return f"cannot be written: {getattr(error, 'strerror', None) or error}"
    try:
        part.parent.mkdir(parents=True, exist_ok=True)
        try:
            part.open("xb").close()
        except FileExistsError:
            return "" if part.is_file() and os.access(part, os.W_OK) else f"cannot be written: {part} is in the way"
        part.unlink()
    except (FileExistsError, NotADirectoryError):
        return f"cannot be written: {_nearest(part.parent)} is not a folder"
    except OSError as error:
        where = f"the folder {part.parent} cannot be made" if missing else f"in {part.parent}"
        return f"cannot be written: {where}: {error.strerror or error}"
    finally:
        for folder in missing:
            with suppress(OSError):
                folder.rmdir()
    return ""


def _nearest(folder: Path) -> Path:
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    return folder


def _is_dir(name: str) -> bool:
    try:
        return Path(name).is_dir()
    except (OSError, ValueError):  # a name too long, which the trial says better
        return False


def _write_stdout(text: str) -> None:
    """Standard output as UTF-8, as the file would be, whatever the terminal's own encoding."""
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(text)
        return
    binary.write(text.encode("utf-8"))
    binary.flush()
