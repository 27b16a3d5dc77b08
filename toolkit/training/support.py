"""Training of the support checker on edited claims and sentences made untrue (`toolkit.training.claims`).

    python -m toolkit.training.support --shared ../shared

writes `toolkit/models/support/checker.safetensors`; about ten minutes on two cores. SummEdits stays out, though its
licence would allow it: with it in, articles apart, nothing was gained there (see the card).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as binary
from torch.nn.functional import pad

from toolkit.encode import MiniLM
from toolkit.support import WEIGHTS, Reading, SupportModel, TokenReader
from toolkit.training.claims import Claim, read_claims, with_evidence
from toolkit.training.folds import save_tensors
from toolkit.training.loop import dealt

EPOCHS, BATCH, RATE, DECAY = 3, 64, 1e-3, 1e-2
MEMBERS = 2  # models whose log-odds are averaged
WORDS = 0.5  # what the loss over words weighs beside the loss over claims
_UNKNOWN = -1.0


def train_support(
    claims: Sequence[Claim], readings: Sequence[Reading], *, epochs: int = EPOCHS, seed: int = 0
) -> SupportModel:  # fmt: skip
    """One model trained on all of these claims.

    Args:
        claims: What to learn.
        readings: The same, as the reader gives them.
        epochs: Times over the claims.
        seed: Of the draws and the first weights.
    """
    torch.manual_seed(seed)
    model = SupportModel().train()
    right = torch.tensor([float(c.supported) for c in claims])
    wrong = [_targets(r, c) for r, c in zip(readings, claims, strict=True)]
    optimizer = torch.optim.AdamW(model.parameters(), lr=RATE, weight_decay=DECAY)
    steps = epochs * -(-len(claims) // BATCH)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, RATE, total_steps=steps, pct_start=0.1)
    rng = np.random.default_rng(seed)
    sizes = np.array([len(r.claim.ids) for r in readings])
    for epoch in range(epochs):
        losses = []
        for places in dealt(sizes, BATCH, rng):
            whole, words = model([readings[n] for n in places])
            wanted = torch.stack([pad(wrong[n], (0, words.shape[1] - len(wrong[n])), value=_UNKNOWN) for n in places])
            known = wanted != _UNKNOWN
            of_words = binary(words[known], wanted[known], pos_weight=torch.tensor(3.0))
            loss = binary(whole, right[places]) + WORDS * of_words
            optimizer.zero_grad()
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            losses.append(loss.item())
        print(f"support {seed}: epoch {epoch + 1} of {epochs}, loss {np.mean(losses):.3f}", flush=True)
    return model.eval()


def train_members(
    claims: Sequence[Claim], readings: Sequence[Reading], *, epochs: int = EPOCHS
) -> dict[str, Tensor]:  # fmt: skip
    """The weights of MEMBERS models, each from another seed, as `SupportChecker` takes them."""
    out: dict[str, Tensor] = {}
    for n in range(MEMBERS):
        model = train_support(claims, readings, epochs=epochs, seed=n)
        out |= {f"{n}.{k}": v.detach().half().contiguous() for k, v in model.state_dict().items()}
    return out


def main(argv: Sequence[str] | None = None) -> None:
    """Trains and writes the weights that ship."""
    parser = argparse.ArgumentParser(description="trains the support checker")
    parser.add_argument("--shared", type=Path, required=True, help="folder with framediff/ and data/")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="times over the claims")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="the file to write")
    args = parser.parse_args(argv)
    claims = with_evidence(read_claims(args.shared), MiniLM())
    readings = TokenReader().readings([c.text for c in claims], [c.told for c in claims], [c.whole for c in claims])
    print(f"{len(claims)} claims, {sum(c.supported for c in claims)} supported")
    save_tensors(train_members(claims, readings, epochs=args.epochs), args.out)


def _targets(reading: Reading, claim: Claim) -> Tensor:
    """Whether each token of the claim is among its wrong words, shape (length,); _UNKNOWN where that is not known."""
    if claim.wrong is None:
        return torch.full((len(reading.claim.ids),), _UNKNOWN)
    at = [float(any(s < end and start < e for s, e in claim.wrong)) for start, end in reading.claim.offsets]
    return torch.tensor(at)


if __name__ == "__main__":
    main()
