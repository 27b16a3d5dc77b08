"""Several files written together: all of them, or none."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from toolkit.errors import OutputError

SHEET_FILES = ("codebook.md", "sheet.csv")


def write_folder(folder: Path, *, files: Mapping[str, bytes]) -> tuple[Path, ...]:
    """Writes each file into the folder, which is made where there is none, and gives the paths.

    All files are written under other names first and renamed together, so that a full disk leaves no half of one.

    Args:
        folder: Where they go.
        files: The bytes of each, by its name.

    Raises:
        OutputError: If the folder cannot be made or written.
    """
    paths = {folder / name: data for name, data in files.items()}
    parts = {path: path.with_name(path.name + ".part") for path in paths}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, data in paths.items():
            parts[path].write_bytes(data)
        for path, part in parts.items():
            part.replace(path)
    except (OSError, ValueError) as error:
        _remove(parts.values())
        raise OutputError(f"{folder}: cannot be written: {getattr(error, 'strerror', None) or error}") from error
    return tuple(paths)


def _remove(parts: Iterable[Path]) -> None:
    for part in parts:
        try:
            part.unlink(missing_ok=True)
        except (OSError, ValueError):  # the folder itself is what is wrong
            continue
