"""Training of the support checker on claims true, edited and made untrue, and on claims judged as they come.

    python -m toolkit.training.support --shared ../shared

writes `toolkit/models/support/checker.safetensors`; about twenty minutes on two cores. The models learn from the claims
of `toolkit.training.claims`. How much their word counts beside plain nearness is learned from those of
`toolkit.training.judged`, and less from summaries and edits, each measured by models that have not seen its topic.
SummEdits stays out, though its licence would allow it: with it in, articles apart, nothing was gained there (see the
card).
"""

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits as binary
from torch.nn.functional import pad

from toolkit.encode import MiniLM
from toolkit.linear import LinearWeights
from toolkit.support import COMBINATION, MEASURES, WEIGHTS, Reading, SupportModel, TokenReader, loaded, measured
from toolkit.training.claims import Claim, read_claims, with_evidence
from toolkit.training.fit import fit
from toolkit.training.folds import FOLDS, fold_of, save_tensors
from toolkit.training.judged import JUDGED, read_judged
from toolkit.training.loop import dealt

EPOCHS, BATCH, RATE, DECAY = 3, 64, 1e-3, 1e-2
MEMBERS = 2  # models whose log-odds are averaged
WORDS = 0.5  # what the loss over words weighs beside the loss over claims
COUNTED = {**dict.fromkeys(JUDGED, 1.0), "summary": 0.5, "edits": 0.1}  # what a claim weighs in the combination
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
            whole, words, _ = model([readings[n] for n in places])
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
) -> list[dict[str, Tensor]]:  # fmt: skip
    """The weights of MEMBERS models, each from another seed, in the float16 that ships."""
    models = [train_support(claims, readings, epochs=epochs, seed=n) for n in range(MEMBERS)]
    return [{k: v.detach().half().contiguous() for k, v in m.state_dict().items()} for m in models]


def cross_measured(
    claims: Sequence[Claim], readings: Sequence[Reading], *, epochs: int = EPOCHS
) -> NDArray[np.float64]:  # fmt: skip
    """MEASURES of every claim that is COUNTED, shape (n, 3), by models trained without its topic; of the others NaN."""
    folds = [fold_of(c.key) for c in claims]
    found = np.full((len(claims), len(MEASURES)), np.nan)
    for fold in range(FOLDS):
        seen = [n for n, c in enumerate(claims) if folds[n] != fold and c.source not in JUDGED]
        asked = [n for n, c in enumerate(claims) if folds[n] == fold and c.source in COUNTED]
        members = train_members([claims[n] for n in seen], [readings[n] for n in seen], epochs=epochs)
        found[asked], _ = measured([loaded(m) for m in members], [readings[n] for n in asked])
    return found


def fit_combination(claims: Sequence[Claim], found: NDArray[np.float64]) -> LinearWeights:
    """How likely a claim is supported, by its measures.

    Args:
        claims: COUNTED ones, and others, which are left out.
        found: Their MEASURES, shape (n, 3).
    """
    used = [n for n, c in enumerate(claims) if c.source in COUNTED]
    weight = np.array([COUNTED[claims[n].source] for n in used])
    return fit(found[used], np.array([claims[n].supported for n in used]), weight=weight)


def caught(claims: Sequence[Claim], likely: NDArray[np.float64], threshold: float) -> str:
    """Of each kind of judged claim, how many unsupported ones are under a threshold, and how many supported ones."""
    rows = []
    for source in JUDGED:
        under = {
            s: [p < threshold for c, p in zip(claims, likely, strict=True) if (c.source, c.supported) == (source, s)]
            for s in (False, True)
        }
        rows.append(
            f"{source} {sum(under[False])} of {len(under[False])}, falsely {sum(under[True])} of {len(under[True])}"
        )
    return f"under {threshold}: " + "; ".join(rows)


def main(argv: Sequence[str] | None = None) -> None:
    """Trains and writes the weights that ship."""
    parser = argparse.ArgumentParser(description="trains the support checker")
    parser.add_argument("--shared", type=Path, required=True, help="folder with framediff/ and data/")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="times over the claims")
    parser.add_argument("--out", type=Path, default=WEIGHTS, help="the file to write")
    args = parser.parse_args(argv)
    reader = TokenReader()
    claims = with_evidence([*read_claims(args.shared), *read_judged(args.shared)], MiniLM(), reader)
    readings = reader.readings([c.text for c in claims], [c.told for c in claims], [c.whole for c in claims])
    print(f"{len(claims)} claims, {sum(c.supported for c in claims)} supported")
    found = cross_measured(claims, readings, epochs=args.epochs)
    combination = fit_combination(claims, found)
    print(dict(zip(MEASURES, (combination.coef / combination.scale).round(3).tolist(), strict=True)))
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7):
        print(caught(claims, combination.probability(found), threshold))
    learned = [n for n, c in enumerate(claims) if c.source not in JUDGED]
    members = train_members([claims[n] for n in learned], [readings[n] for n in learned], epochs=args.epochs)
    tensors = {f"{n}.{k}": v for n, m in enumerate(members) for k, v in m.items()}
    parts = {k: torch.from_numpy(np.ascontiguousarray(v)) for k, v in asdict(combination).items()}
    save_tensors(tensors | {f"{COMBINATION}.{k}": v for k, v in parts.items()}, args.out)


def _targets(reading: Reading, claim: Claim) -> Tensor:
    """Whether each token of the claim is among its wrong words, shape (length,); _UNKNOWN where that is not known."""
    if claim.wrong is None:
        return torch.full((len(reading.claim.ids),), _UNKNOWN)
    at = [float(any(s < end and start < e for s, e in claim.wrong)) for start, end in reading.claim.offsets]
    return torch.tensor(at)


if __name__ == "__main__":
    main()
