"""The packaged MiniLM, and what a training changed in its layers as small tensors (low-rank updates, Hu et al. 2022).

This module imports torch; it is itself imported where a model is first used.
"""

from collections.abc import Iterator, Mapping, Sequence
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


class AdaptedMiniLM(nn.Module):
    """The packaged MiniLM with its layers open to training; a subclass puts its head on it."""

    def __init__(self) -> None:
        super().__init__()
        self.bert, self.tokenizer = packaged_minilm()
        for name, parameter in self.bert.named_parameters():
            parameter.requires_grad_("encoder.layer" in name)

    @property
    def width(self) -> int:
        """Of a token's state."""
        return int(self.bert.config.hidden_size)

    @property
    def layers(self) -> range:
        """Numbers of the adapted layers."""
        return range(len(self.bert.encoder.layer))

    def states(
        self, rows: Sequence[Sequence[int]], types: Sequence[Sequence[int]] | None = None
    ) -> tuple[Tensor, Tensor]:  # fmt: skip
        """States of the tokens, shape (n, length, width), and which are no padding, shape (n, length).

        Args:
            rows: Token ids with the special ones.
            types: 0 or 1 for each of them; all 0 where not given.
        """
        ids = padded(rows)
        there = torch.tensor([[n < len(row) for n in range(ids.shape[1])] for row in rows])
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bfloat16()):
            out = self.bert(
                input_ids=ids, attention_mask=there.long(), token_type_ids=None if types is None else padded(types)
            )
        return out.last_hidden_state.float(), there

    def learned(self, *, rank: int) -> dict[str, Tensor]:
        """What a training taught it, as float16 tensors: the head whole, the layers as updates of a rank."""
        own = {k: v.detach().half().contiguous() for k, v in self.state_dict().items() if not k.startswith("bert.")}
        return own | updates_of(self.bert, self.layers, rank=rank)

    def recall(self, weights: Mapping[str, Tensor]) -> None:
        """Takes over what `learned` gave, and is in evaluation mode from then on."""
        self.load_state_dict({k: v.float() for k, v in weights.items() if not k.startswith("layer.")}, strict=False)
        apply_updates(self.bert, self.layers, weights)
        self.eval()


def padded(rows: Sequence[Sequence[int]]) -> Tensor:
    """Rows of numbers with zeros behind, shape (n, longest)."""
    longest = max(map(len, rows))
    return torch.tensor([[*row, *[0] * (longest - len(row))] for row in rows])


def by_length(rows: Sequence[Sequence[int]], size: int) -> Iterator[list[int]]:
    """Places of rows in batches, those of like lengths together, whatever their order was."""
    order = sorted(range(len(rows)), key=lambda n: (len(rows[n]), tuple(rows[n])))
    for at in range(0, len(order), size):
        yield order[at : at + size]


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
