"""Training of the late interaction: `train_late` gives the tensors that `LateInteraction` reads.

The lower layers stay as they are packaged, so each sentence passes them once for the whole training. Sources differ in
how much they call the same point, so each has a scale and a bias of its own on the log-odds while training, which are
thrown away after. Negatives are drawn mostly from the likely ones.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from toolkit.align.late import PairHead, TokenReader, TokenTable, Window, adapter_of
from toolkit.training.loop import Pace, optimise
from toolkit.training.pairs import PairStory

Hardness = Mapping[tuple[str, str], NDArray[np.float64]]
Place = tuple[str, str, int, int]  # source, story, article, sentence
States = Mapping[tuple[str, str, int], list[tuple[Tensor, Window]]]


@dataclass(frozen=True)
class LateRecipe:
    """What the training does.

    Args:
        shares: How often a story is drawn from each source.
        steps: Updates.
        stories: Stories an update.
        pairs: Pairs a story at most, half of them positive at most.
        documents: Of a story with more articles, so many are drawn.
        rate: Peak learning rate of the adapted layers.
        head_rate: Likewise, of the head.
        rank: Of the updates that are kept.
        seed: Of the draws and the head's first weights.
    """

    shares: Mapping[str, float] = field(
        default_factory=lambda: {
            "leads": 0.25, "neus": 0.15, "articles": 0.25, "ecbplus-articles": 0.1, "ecbplus": 0.15, "nanco": 0.06,
            "superpal": 0.04,
        }
    )  # fmt: skip
    steps: int = 400
    stories: int = 6
    pairs: int = 40
    documents: int = 5
    rate: float = 1e-4
    head_rate: float = 5e-4
    rank: int = 64
    seed: int = 0


def train_late(stories: Sequence[PairStory], hardness: Hardness, recipe: LateRecipe) -> dict[str, Tensor]:
    """Trains on all of these stories.

    Args:
        stories: What to learn from.
        hardness: By source and id, how like the sentences of each pair are (a cosine).
        recipe: How.
    """
    torch.manual_seed(recipe.seed)
    rng = np.random.default_rng(recipe.seed)
    reader = TokenReader()
    head = PairHead(reader.width)
    states = _lower_states(reader, stories)
    draw = _Draw(stories, hardness, recipe, rng)
    scales = nn.ParameterDict({f"s-{s}": nn.Parameter(torch.tensor([1.0, 0.0])) for s in draw.sources})
    head.train()  # the reader stays without dropout, which costs a fifth of the time and gave nothing
    adapted = [p for p in reader.parameters() if p.requires_grad]

    def loss_at(step: int) -> Tensor:
        places, sources, labels = draw()
        table, row = _table(reader, head, states, sorted({p[:3] for pair in places for p in pair}))
        at = torch.tensor([[row[a], row[b]] for a, b in places])
        order = torch.argsort(table.mask.sum(1)[at].sum(1), stable=True)
        scores = torch.cat([head(table.take(at[o, 0]), table.take(at[o, 1])) for o in torch.split(order, 80)])
        scale = torch.stack([scales[f"s-{sources[n]}"] for n in order.tolist()])
        wanted = torch.tensor(labels, dtype=torch.float32)[order]
        return functional.binary_cross_entropy_with_logits(scores * scale[:, 0] + scale[:, 1], wanted)

    pace = Pace(recipe.steps, max(1, recipe.steps // 16), recipe.rate, recipe.head_rate)
    optimise(adapted, [*head.parameters(), *scales.parameters()], loss_at, pace, name="late interaction")
    return adapter_of(reader, head, rank=recipe.rank)


class _Draw:
    """Draws the pairs of one update: two places each, with sources and labels."""

    def __init__(
        self, stories: Sequence[PairStory], hardness: Hardness, recipe: LateRecipe, rng: np.random.Generator
    ) -> None:
        self.recipe, self.rng, self.hardness = recipe, rng, hardness
        self.by_source = {s: [x for x in stories if x.source == s and len(x.labels)] for s in recipe.shares}
        self.sources = [s for s, found in self.by_source.items() if found]
        share = np.array([recipe.shares[s] for s in self.sources])
        self.share = share / share.sum()
        self.bags: dict[str, list[int]] = {s: [] for s in self.sources}

    def __call__(self) -> tuple[list[tuple[Place, Place]], list[str], list[bool]]:
        places, sources, labels = [], [], []
        for _ in range(self.recipe.stories):
            story = self._story()
            for n in self._pairs(story):
                a, i, b, j = story.pairs[n]
                name = story.source, story.id
                places.append(((*name, int(a), int(i)), (*name, int(b), int(j))))
                sources.append(story.source)
                labels.append(bool(story.labels[n]))
        return places, sources, labels

    def _story(self) -> PairStory:
        source = self.sources[self.rng.choice(len(self.sources), p=self.share)]
        if not self.bags[source]:
            self.bags[source] = self.rng.permutation(len(self.by_source[source])).tolist()
        return self.by_source[source][self.bags[source].pop()]

    def _pairs(self, story: PairStory) -> NDArray[np.int64]:
        some = np.arange(len(story.labels))
        if len(story.documents) > self.recipe.documents and len(story.labels) > self.recipe.pairs:
            drawn = self.rng.permutation(len(story.documents))[: self.recipe.documents]
            if story.source == "superpal":
                drawn = np.union1d(drawn, [0])  # its summary, which every pair has
            if story.source != "nanco":  # whose documents are single sentences
                some = np.flatnonzero(np.isin(story.pairs[:, [0, 2]], drawn).all(axis=1))
        positive = self.rng.permutation(some[story.labels[some]])[: self.recipe.pairs // 2]
        negative = some[~story.labels[some]]
        count = min(len(negative), self.recipe.pairs - len(positive))
        if count < len(negative):
            weight = np.exp(8 * self.hardness[story.source, story.id][negative])
            weight = 0.6 * weight / weight.sum() + 0.4 / len(negative)
            negative = self.rng.choice(negative, count, replace=False, p=weight / weight.sum())
        return np.concatenate([positive, negative])


@torch.no_grad()
def _lower_states(reader: TokenReader, stories: Sequence[PairStory]) -> States:
    """By article, its windows with the states below the adapted layers, in bfloat16 to save memory."""
    articles = [(s.source, s.id, n) for s in stories for n in range(len(s.documents))]
    windows = [reader.windows([d]) for s in stories for d in s.documents]
    owner = [a for a, found in zip(articles, windows, strict=True) for _ in found]
    flat = [w for found in windows for w in found]
    out: dict[tuple[str, str, int], list[tuple[Tensor, Window]]] = {a: [] for a in articles}
    for places, ids, mask in reader.batches(flat):
        with torch.autocast("cpu", dtype=torch.bfloat16):
            read = reader.lower(ids, mask)
        for row, place in enumerate(places):
            out[owner[place]].append((read[row, : len(flat[place].ids)].bfloat16().clone(), flat[place]))
    return out


def _table(
    reader: TokenReader, head: PairHead, states: States, articles: Sequence[tuple[str, str, int]]
) -> tuple[TokenTable, dict[Place, int]]:
    """The token table of these articles, and the row of each sentence in it."""
    held = [(article, x, window) for article in articles for x, window in states[article]]
    held.sort(key=lambda h: len(h[1]))
    parts: list[Tensor] = []
    starts: list[int] = []
    lengths: list[int] = []
    row: dict[Place, int] = {}
    base = 0
    for at in range(0, len(held), 16):
        some = held[at : at + 16]
        length = len(some[-1][1])
        padded = torch.stack([functional.pad(x.float(), (0, 0, 0, length - len(x))) for _, x, _ in some])
        mask = torch.tensor([[n < len(x) for n in range(length)] for _, x, _ in some])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            parts.append(reader.upper(padded, mask).float().flatten(0, 1))
        for k, (article, _, window) in enumerate(some):
            for n, a, b in window.spans:
                row[(*article, n)] = len(starts)
                starts.append(base + k * length + a)
                lengths.append(b - a)
        base += len(some) * length
    size = torch.tensor(lengths)[:, None]
    along = torch.arange(int(size.max()))[None]
    # One gather for all: a slice a sentence would have a gradient as large as everything.
    flat = torch.cat(parts)
    return head.table(flat[torch.tensor(starts)[:, None] + torch.minimum(along, size - 1)], along < size), row
