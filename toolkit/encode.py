"""Sentences to vectors: the Encoder protocol, the packaged MiniLM, and any sentence-transformers model by name.

Texts are encoded once each, in an order of their own (by length, then alphabet), so that a vector does not depend on
what else is in the list beyond float32's last digits; vectors are kept on disk by the hash of model and text.
"""

import logging
import os
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Protocol

import numpy as np
from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from toolkit.hub import load_model, packaged_minilm_folder

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

Dtype = Literal["float32", "bfloat16"]
_log = logging.getLogger(__name__)
_CACHE_FILE = "vectors-1.sqlite3"


class Encoder(Protocol):
    """Anything that turns texts into unit vectors."""

    @property
    def name(self) -> str:
        """What a record calls it."""
        ...

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One unit row a text, shape (n, dim)."""
        ...


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _Encoding:
    """The options that every local encoder has."""

    batch_size: Annotated[int, Field(ge=1, le=1024)] = 32
    dtype: Dtype = "float32"
    cache: bool = True
    cache_dir: str = ""

    @property
    def name(self) -> str:
        """What a record calls it."""
        raise NotImplementedError

    @property
    def _identity(self) -> str:
        """What tells this model's vectors from another's, in the cache."""
        return self.name

    @property
    def _dim(self) -> int:
        return _dimension(self._model)

    @cached_property
    def _model(self) -> "SentenceTransformer":
        raise NotImplementedError

    def encode(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """One unit row a text, float32, shape (n, dim); equal texts give equal rows.

        Raises:
            ModelError: If the model cannot be loaded.
        """
        if not texts:
            return np.zeros((0, self._dim), dtype=np.float32)
        keys = {text: self._key(text) for text in texts}
        store = VectorStore(self._folder) if self.cache else None
        known = store.get(list(keys.values())) if store else {}
        missing = sorted((text for text, key in keys.items() if key not in known), key=lambda t: (len(t), t))
        if missing:
            fresh = dict(zip((keys[text] for text in missing), self._compute(missing), strict=True))
            known.update(fresh)
            if store:
                store.put(fresh)
        return np.stack([known[keys[text]] for text in texts])

    @property
    def _folder(self) -> Path:
        return Path(self.cache_dir).expanduser() if self.cache_dir else default_cache_dir()

    def _key(self, text: str) -> str:
        return sha256(f"{self._identity}\x1f{self.dtype}\x1f{text}".encode("utf-8", "surrogatepass")).hexdigest()

    def _compute(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        # A lone surrogate is a legal character of a Python string and an error to the tokenizer.
        clean = [text.encode("utf-8", "replace").decode() for text in texts]
        rows = self._model.encode(
            clean, batch_size=self.batch_size, show_progress_bar=False, convert_to_numpy=False, convert_to_tensor=True
        )
        array: NDArray[np.float32] = rows.float().cpu().numpy()
        norms = np.linalg.norm(array, axis=1, keepdims=True)
        return np.asarray(array / np.maximum(norms, 1e-12), dtype=np.float32)


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class MiniLM(_Encoding):
    """The packaged all-MiniLM-L6-v2 (22M parameters, 384 dimensions): nothing is fetched, ever.

    Args:
        batch_size: Texts a forward pass, from 1 to 1024; changes speed and memory, no finding.
        dtype: Of the weights; bfloat16 is faster where the processor has it and moves cosines by a few thousandths.
        cache: Whether to keep vectors on disk.
        cache_dir: Where; empty for the user's cache folder.
    """

    kind: Literal["minilm"] = "minilm"

    @property
    def name(self) -> str:
        """What a record calls it."""
        return "all-MiniLM-L6-v2"

    @property
    def _dim(self) -> int:
        return 384

    @cached_property
    def _model(self) -> "SentenceTransformer":
        place = packaged_minilm_folder()
        return load_model(place, lambda folder, local: _load(folder, self.dtype, local=local), what="encoder")


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class SentenceTransformers(_Encoding):
    """Any sentence-transformers model, by folder or by its name on the Hugging Face Hub.

    Only safetensors weights are read, and no code that comes with a model is run.

    Args:
        model: A folder, or a Hub name such as `BAAI/bge-small-en-v1.5`, which is fetched on first use.
        batch_size: Texts a forward pass, from 1 to 1024; changes speed and memory, no finding.
        dtype: Of the weights.
        cache: Whether to keep vectors on disk.
        cache_dir: Where; empty for the user's cache folder.
    """

    model: Annotated[str, Field(min_length=1)]
    kind: Literal["sentence-transformers"] = "sentence-transformers"

    @property
    def name(self) -> str:
        """What a record calls it."""
        return self.model

    @cached_property
    def _identity(self) -> str:
        folder = Path(self.model).expanduser()
        if not folder.is_dir():
            return self.model
        # A folder can be trained on in place: its weights' sizes and times tell one state from the next.
        stats = [(str(p.relative_to(folder)), p.stat()) for p in sorted(folder.rglob("*.safetensors"))]
        return "\x1f".join([str(folder.resolve()), *(f"{name}:{s.st_size}:{s.st_mtime_ns}" for name, s in stats)])

    @cached_property
    def _model(self) -> "SentenceTransformer":
        return load_model(self.model, lambda place, local: _load(place, self.dtype, local=local), what="encoder")


class VectorStore:
    """Vectors on disk by key: one SQLite file in write-ahead mode, which processes can share.

    A cache only: a file that cannot be read is made anew, a folder that cannot be written is done without; either is
    logged as a warning and neither is an error.

    Args:
        folder: Where the file is; made when first written.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _CACHE_FILE

    def get(self, keys: Sequence[str]) -> "dict[str, NDArray[np.float32]]":
        """The unit rows known for these keys; rows that are damaged are left out."""

        def read(connection: sqlite3.Connection) -> list[tuple[str, bytes]]:
            found: list[tuple[str, bytes]] = []
            for at in range(0, len(keys), 500):
                part = keys[at : at + 500]
                marks = ",".join("?" * len(part))
                found += connection.execute(f"SELECT key, row FROM vectors WHERE key IN ({marks})", part).fetchall()
            return found

        return {key: row for key, blob in self._use(read) or [] if (row := _row(blob)) is not None}

    def put(self, rows: "Mapping[str, NDArray[np.float32]]") -> None:
        """Keeps these rows."""

        def write(connection: sqlite3.Connection) -> None:
            blobs = [(key, row.astype("<f4").tobytes()) for key, row in rows.items()]
            connection.executemany("INSERT OR REPLACE INTO vectors VALUES (?, ?)", blobs)
            connection.commit()

        self._use(write)

    def _use(self, action: Any) -> Any:
        for last in (False, True):
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with closing(sqlite3.connect(self.path, timeout=20)) as connection:
                    connection.execute("PRAGMA journal_mode=WAL")
                    connection.execute("PRAGMA synchronous=NORMAL")
                    connection.execute("CREATE TABLE IF NOT EXISTS vectors (key TEXT PRIMARY KEY, row BLOB NOT NULL)")
                    return action(connection)
            except (OSError, sqlite3.OperationalError) as error:
                _log.warning("vector cache %s: done without: %s", self.path, error)
                return None
            except sqlite3.DatabaseError as error:
                _log.warning("vector cache %s: damaged, made anew: %s", self.path, error)
                if last or not self._remove():
                    return None
        return None

    def _remove(self) -> bool:
        try:
            for tail in ("", "-wal", "-shm"):
                self.path.with_name(self.path.name + tail).unlink(missing_ok=True)
        except OSError:
            return False
        return True


def default_cache_dir() -> Path:
    """`samestory/vectors` in the user's cache folder (XDG)."""
    base = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(base) if base else Path("~/.cache").expanduser()) / "samestory" / "vectors"


def _row(blob: object) -> "NDArray[np.float32] | None":
    if not isinstance(blob, bytes) or not blob or len(blob) % 4:
        return None
    row: NDArray[np.float32] = np.frombuffer(blob, dtype="<f4").astype(np.float32)
    return row if abs(float(row @ row) - 1) < 1e-3 else None


def _dimension(model: "SentenceTransformer") -> int:
    read = getattr(model, "get_embedding_dimension", None) or model.get_sentence_embedding_dimension
    return int(read() or 0)


def _load(model: str, dtype: Dtype, *, local: bool) -> "SentenceTransformer":
    import torch
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        model,
        device="cpu",
        local_files_only=local,
        trust_remote_code=False,
        model_kwargs={"use_safetensors": True, "dtype": getattr(torch, dtype)},
    ).eval()
