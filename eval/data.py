"""Finding the files of a data set, and saying plainly what is missing."""

from hashlib import sha256
from pathlib import Path

from toolkit.errors import SourceError


def need(path: Path, *, source: str) -> Path:
    """The path, if it is there.

    Raises:
        SourceError: If it is not; says which repository has it, its licence, and where to put it.
    """
    if not path.exists():
        raise SourceError(f"{path}: no such file; get it from {source}, and put it there or set data_dir")
    return path


def wrong(path: Path, what: object) -> SourceError:
    """The error for a file that is there but not as published."""
    return SourceError(f"{path}: not in the set's published form: {what}")


def files_hash(files: list[Path], *, root: Path) -> str:
    """One hash over the relative names and bytes of files."""
    digest = sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(root) if file.is_relative_to(root) else file.name).encode() + b"\0")
        digest.update(sha256(file.read_bytes()).digest())
    return digest.hexdigest()[:16]
