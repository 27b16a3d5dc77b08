"""The packaged MiniLM, and what a training changed in its layers as small tensors (low-rank updates, Hu et al. 2022).

This module imports torch; it is itself imported where a model is first used.
"""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from toolkit.hub import packaged_minilm_folder, quiet

LINEAR = (
    "attention.self.query", "attention.self.key", "attention.self.value", "attention.output.dense",
    "intermediate.dense", "output.dense",
)  # fmt: skip
_CLOSE = 1e-9


def packaged_minilm() -> tuple[Any, Any]:
    """The BERT model, in evaluation mode, and its tokenizer.

    Raises:
        ModelError: If the package is not installed.
    """
    from transformers import AutoModel, AutoTokenizer

    place = packaged_minilm_folder()
    with quiet():
        bert = AutoModel.from_pretrained(place, local_files_only=True, use_safetensors=True)
        tokenizer = AutoTokenizer.from_pretrained(place, local_files_only=True)
    return bert.eval(), tokenizer


def has_bfloat16() -> bool:
    """Whether the processor has instructions for bfloat16."""
    known = torch.cpu.get_capabilities()
    return any(known.get(k, False) for k in ("avx512_bf16", "amx_bf16"))


def apply_updates(bert: Any, layers: range, weights: Mapping[str, Tensor]) -> None:
    """Adds the updates that `updates_of` gave to these layers."""
    with torch.no_grad():
        for n in layers:
            layer = bert.encoder.layer[n]
            for name in LINEAR:
                down, up = (weights[f"layer.{n}.{name}.{end}"].float() for end in ("down", "up"))
                _linear(layer, name).weight += up @ down
            for name, parameter in layer.named_parameters():
                if (delta := weights.get(f"layer.{n}.{name}.delta")) is not None:
                    parameter.add_(delta.float())


def updates_of(trained: Any, layers: range, *, rank: int) -> dict[str, Tensor]:
    """What a training changed in these layers of the packaged model, as float16 tensors.

    The update of a linear layer is cut to its strongest `rank` singular directions; biases and norms are kept whole.
    """
    packaged, _ = packaged_minilm()
    out: dict[str, Tensor] = {}
    for n in layers:
        old, new = packaged.encoder.layer[n], trained.encoder.layer[n]
        for name in LINEAR:
            delta = (_linear(new, name).weight - _linear(old, name).weight).detach()
            u, s, v = torch.linalg.svd(delta, full_matrices=False)
            root = s[:rank].clamp(min=_CLOSE).sqrt()
            out[f"layer.{n}.{name}.up"] = (u[:, :rank] * root).half().contiguous()
            out[f"layer.{n}.{name}.down"] = (root[:, None] * v[:rank]).half().contiguous()
        wide = {f"{name}.weight" for name in LINEAR}
        before = dict(old.named_parameters())
        for name, parameter in new.named_parameters():
            if name not in wide:
                out[f"layer.{n}.{name}.delta"] = (parameter - before[name]).detach().half().contiguous()
    return out


def _linear(layer: Any, name: str) -> nn.Linear:
    return layer.get_submodule(name)  # type: ignore[no-any-return]
