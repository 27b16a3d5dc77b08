"""Does an article support a claim? Each word of the claim is held against the words of the article's nearest sentences.

A decomposable attention model (Parikh et al., EMNLP 2016) over the token states of the packaged MiniLM: each token of
the claim is aligned softly with the tokens of the evidence, in an early and in the last layer, and a small network says
from both, and from where the very word stands in the article, whether the token is one that the evidence does not bear
out (as Goyal and Durrett, NAACL 2021, mark arcs). What it finds of all tokens, and two plain measures of how much of
the claim is there at all, give the verdict.

This module imports torch; it is itself imported where a model is first used.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from toolkit.linear import LinearWeights
from toolkit.lowrank import by_length, packaged_minilm, padded
from toolkit.overlap import Lexicon

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEAREST = 5  # sentences of the article that a claim is held against
LONGEST = 128  # tokens of a claim, and of a sentence
LAYERS = (2, 6)  # whose states are compared
HIDDEN, FORM, WHOLE = 192, 9, 6
IN_ARTICLE = 4  # place in a token's form of whether it stands in the article
SCALARS = FORM + len(LAYERS) + 2
MEASURES = ("log-odds", "recall", "share")  # what the verdict is made of
COMBINATION = "combination"
WEIGHTS = Path(__file__).parent / "models" / "support" / "checker.safetensors"


@dataclass(frozen=True, slots=True)
class Stated:
    """A text's tokens without the special ones.

    Args:
        ids: Of the tokens.
        offsets: Character range of each.
        states: Unit vectors of each in the LAYERS, float16, shape (layers, length, width).
    """

    ids: tuple[int, ...]
    offsets: tuple[tuple[int, int], ...]
    states: Tensor


@dataclass(frozen=True, slots=True)
class Reading:
    """A claim beside its evidence.

    Args:
        claim: Its tokens.
        evidence: Those of the sentences that it is held against, the nearest first.
        form: Of each token of the claim, what its letters are and where it stands, shape (length, FORM).
        weight: Of each token how much it counts, by how few of the article's sentences have it, in sum 1.
    """

    claim: Stated
    evidence: tuple[Stated, ...]
    form: Tensor
    weight: Tensor


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the checker says of a claim.

    Args:
        support: How likely the evidence supports all of it, in [0, 1].
        weakest: Character range of the words least supported.
    """

    support: float
    weakest: tuple[int, int]


class TokenReader:
    """The packaged MiniLM as a reader of tokens; nothing in it is trained."""

    def __init__(self) -> None:
        self.bert, self.tokenizer = packaged_minilm()

    @torch.inference_mode()
    def stated(self, texts: Sequence[str]) -> dict[str, Stated]:
        """Each distinct text with its states; how they are batched changes nothing beyond float16's last digit."""
        distinct = sorted(set(texts), key=lambda t: (len(t), t))
        if not distinct:
            return {}
        clean = [t.encode("utf-8", "replace").decode() for t in distinct]
        read = self.tokenizer(clean, return_offsets_mapping=True, truncation=True, max_length=LONGEST, verbose=False)
        out = {}
        for places in by_length(read["input_ids"], 64):
            rows = [read["input_ids"][n] for n in places]
            there = padded([[1] * len(r) for r in rows])
            every = self.bert(input_ids=padded(rows), attention_mask=there, output_hidden_states=True).hidden_states
            found = torch.stack([nn.functional.normalize(every[k].float(), dim=-1) for k in LAYERS], 1)
            for n, row, own in zip(places, rows, found, strict=True):
                offsets = tuple((int(s), int(e)) for s, e in read["offset_mapping"][n][1:-1])
                out[distinct[n]] = Stated(tuple(row[1:-1]), offsets, own[:, 1 : len(row) - 1].half().clone())
        return out

    def readings(
        self, claims: Sequence[str], evidence: Sequence[Sequence[str]], articles: Sequence[Sequence[str]]
    ) -> list[Reading]:
        """Claims beside their evidence.

        Args:
            claims: Sentences.
            evidence: For each, the sentences that it is held against, as `nearest` finds them.
            articles: For each, all sentences of its article.
        """
        known = self.stated([*claims, *(s for some in evidence for s in some)])
        lexicons: dict[int, Lexicon] = {}
        out = []
        for claim, some, article in zip(claims, evidence, articles, strict=True):
            lexicon = lexicons.get(id(article))
            if lexicon is None:
                lexicon = lexicons[id(article)] = Lexicon(self._ids(article))
            own, beside = known[claim], tuple(known[s] for s in some)
            form, weight = _form(claim, own, beside, lexicon.known), torch.tensor(lexicon.weights(own.ids))
            out.append(Reading(own, beside, form, weight))
        return out

    def nearest(
        self, claims: Sequence[str], article: Sequence[str], rows: "NDArray[np.floating[Any]]",
        source: "NDArray[np.floating[Any]]",
    ) -> list[list[int]]:  # fmt: skip
        """For each claim the places of all sentences of an article, the nearest first: by meaning and words together.

        What counts is the cosine of the two sentences' vectors and that of their words (TF-IDF), added up.

        Args:
            claims: Sentences.
            article: All of its sentences.
            rows: Unit rows of the claims, shape (n, dim).
            source: Unit rows of the article's sentences, shape (m, dim).
        """
        lexicon = Lexicon(self._ids(article))
        words = np.array([lexicon.cosines(ids) for ids in self._ids(claims)]).reshape(len(claims), len(article))
        near = np.asarray(rows, dtype=np.float64) @ np.asarray(source, dtype=np.float64).T + words
        order = np.argsort(-np.round(near, 5), axis=1, kind="stable")
        return [[int(i) for i in row] for row in order]

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        clean = [t.encode("utf-8", "replace").decode() for t in texts]
        read = self.tokenizer(clean, add_special_tokens=False, verbose=False)["input_ids"] if clean else []
        return [list(ids) for ids in read]


class SupportModel(nn.Module):
    """The network over aligned tokens."""

    def __init__(self) -> None:
        super().__init__()
        width = 384
        self.sharp = nn.Parameter(torch.tensor(3.0))
        self.mixed = nn.Parameter(torch.zeros(len(LAYERS)))
        self.compare = nn.Sequential(
            nn.Dropout(0.2), nn.Linear(4 * width + SCALARS, HIDDEN), nn.GELU(), nn.Dropout(0.2),
            nn.Linear(HIDDEN, HIDDEN), nn.GELU(),
        )  # fmt: skip
        self.token = nn.Linear(HIDDEN, 1)
        self.head = nn.Sequential(nn.Dropout(0.2), nn.Linear(2 * HIDDEN + WHOLE, 64), nn.GELU(), nn.Linear(64, 1))
        self.worst = nn.Parameter(torch.tensor(0.0))

    def forward(self, some: Sequence[Reading]) -> tuple[Tensor, Tensor, Tensor]:
        """Log-odds that the claim is supported and that a token of it is not, and each token's best cosine.

        Shapes (n,), (n, length) and (n, length). Beyond a claim's end the second is -1e4 and the third 0; the cosine is
        that of the last states to those of the evidence.
        """
        claims = [r.claim.states.float() for r in some]
        told = [
            torch.cat([s.states for s in r.evidence], 1).float() if r.evidence else c[:, :0]
            for r, c in zip(some, claims, strict=True)
        ]
        own, there = _padded(claims)
        beside, known = _padded(told)
        similar = torch.einsum("nlad,nlbd->nlab", own, beside).masked_fill(~known[:, None, None], -1.0)
        together = (similar * self.mixed.softmax(0)[None, :, None, None]).sum(1)
        weight = (together * self.sharp.exp()).masked_fill(~known[:, None], -1e4).softmax(-1)
        weight = weight * known.any(1)[:, None, None]
        met = torch.einsum("nab,nlbd->nlad", weight, beside)
        form = _rows([r.form for r in some], own.shape[2])
        scalars = torch.cat(
            [similar.amax(-1).transpose(1, 2), together.amax(-1, keepdim=True), weight.amax(-1, keepdim=True), form], -1
        )
        first, last = own[:, 0], own[:, -1]
        hidden = self.compare(torch.cat([last, met[:, -1], last * met[:, -1], first * met[:, 0], scalars], -1))
        wrong = self.token(hidden)[..., 0].masked_fill(~there, -1e4)
        mask = there[..., None]
        count = mask.sum(1).clamp(min=1)
        mean = (hidden * mask).sum(1) / count
        most = hidden.masked_fill(~mask, -1e4).amax(1)
        least = scalars[..., :3].masked_fill(~mask, 1.0).amin(1)
        share = (scalars[..., :3] * mask).sum(1) / count
        whole = self.head(torch.cat([mean, most, least, share], 1))[:, 0]
        return whole - self.worst.exp() * wrong.amax(1), wrong, similar[:, -1].amax(-1) * there


class SupportChecker:
    """The trained checker.

    Args:
        weights: Tensors as the model names them, of one or more models (`0.…`, `1.…`) whose log-odds are averaged, and
            under `combination.…` the arrays of a logistic regression over MEASURES.
    """

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self.reader = TokenReader()
        parts: dict[str, dict[str, Tensor]] = {}
        for k, v in weights.items():
            part, name = k.split(".", 1)
            parts.setdefault(part, {})[name] = v
        self.combination = LinearWeights(**{k: v.double().numpy() for k, v in parts.pop(COMBINATION).items()})
        self.models = [loaded(parts[n]) for n in sorted(parts)]

    @classmethod
    def load(cls, path: Path) -> "SupportChecker":
        """Reads a safetensors file."""
        from safetensors.torch import load_file

        return cls(load_file(path))

    def verdicts(
        self, claims: Sequence[str], evidence: Sequence[Sequence[str]], articles: Sequence[Sequence[str]]
    ) -> list[Verdict]:
        """One a claim.

        Args:
            claims: Sentences.
            evidence: For each, the sentences that it is held against: the first NEAREST that the reader finds.
            articles: For each, all sentences of its article.
        """
        readings = self.reader.readings(claims, evidence, articles)
        found, worst = measured(self.models, readings)
        likely = self.combination.probability(found)
        return [
            Verdict(0.0, (0, 0)) if at < 0 else Verdict(round(float(p), 4), r.claim.offsets[at])
            for r, p, at in zip(readings, likely, worst, strict=True)
        ]


def loaded(weights: Mapping[str, Tensor]) -> SupportModel:
    """A model with these weights, in evaluation mode."""
    model = SupportModel()
    model.load_state_dict({k: v.float() for k, v in weights.items()})
    return model.eval()


@torch.inference_mode()
def measured(
    models: Sequence[SupportModel], readings: Sequence[Reading]
) -> tuple["NDArray[np.float64]", list[int]]:  # fmt: skip
    """MEASURES of each claim, shape (n, 3), and the place of its token least supported.

    They are the models' mean log-odds; the mean best cosine of its tokens to those of the evidence, weighed by rarity
    (BERTScore recall, Zhang et al., ICLR 2020); and the share of its tokens, so weighed, that stand in the article. The
    place is -1, and all measures are 0, where the claim or the evidence has no tokens.

    Args:
        models: In evaluation mode.
        readings: Claims beside their evidence.
    """
    found, weakest = np.zeros((len(readings), len(MEASURES))), [-1] * len(readings)
    usable = [n for n, r in enumerate(readings) if r.claim.ids and any(s.ids for s in r.evidence)]
    for some in by_length([readings[n].claim.ids for n in usable], 32):
        places = [usable[k] for k in some]
        said = [model([readings[n] for n in places]) for model in models]
        whole = torch.stack([s[0] for s in said]).double().mean(0)
        wrong = torch.stack([s[1] for s in said]).mean(0)
        for n, odds, at, best in zip(places, whole.tolist(), wrong.argmax(1).tolist(), said[0][2], strict=True):
            own = readings[n]
            recall, share = best[: len(own.weight)] @ own.weight, own.form[:, IN_ARTICLE] @ own.weight
            found[n], weakest[n] = (odds, float(recall), float(share)), at
    return found, weakest


@lru_cache(maxsize=1)
def support_checker() -> SupportChecker:
    """The shipped checker."""
    return SupportChecker.load(WEIGHTS)


def _form(text: str, read: Stated, evidence: Sequence[Stated], words: frozenset[int]) -> Tensor:
    """Of each token its letters, and whether it stands in the article and, with its neighbours, in the evidence."""
    told = [i for s in evidence for i in (*s.ids, -1)]
    alone, pairs, own = set(told), set(pairwise(told)), (-2, *read.ids, -2)
    rows = []
    for n, (i, (start, end)) in enumerate(zip(read.ids, read.offsets, strict=True)):
        piece = text[start:end]
        rows.append([
            piece[:1].isupper() and n > 0, any(c.isdigit() for c in piece), not any(c.isalnum() for c in piece),
            n > 0 and start == read.offsets[n - 1][1], i in words, len(piece) / 10,
            i in alone, (own[n], i) in pairs, (i, own[n + 2]) in pairs,
        ])  # fmt: skip
    return torch.tensor(rows, dtype=torch.float32).reshape(len(rows), FORM)


def _padded(parts: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
    """States of shape (layers, length, width) as one tensor (n, layers, longest, width), and what is no padding."""
    longest = max(1, *(p.shape[1] for p in parts))
    out = torch.stack([nn.functional.pad(p, (0, 0, 0, longest - p.shape[1])) for p in parts])
    return out, torch.tensor([[k < p.shape[1] for k in range(longest)] for p in parts])


def _rows(parts: Sequence[Tensor], longest: int) -> Tensor:
    return torch.stack([nn.functional.pad(p, (0, 0, 0, longest - p.shape[0])) for p in parts])
