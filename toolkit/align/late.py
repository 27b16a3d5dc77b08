"""Late interaction: every sentence is read once, in its context, then any two are compared token by token.

The upper layers of the packaged MiniLM are adapted (low-rank updates, Hu et al. 2022) so that its token vectors serve
the match. A pair is judged from a soft alignment of its tokens in both directions, each token compared with what it is
aligned to (Parikh et al. 2016; Chen et al. 2017), and from each token's best match (Khattab and Zaharia 2020), pooled
with a learned weight a token. All of it is symmetric in the two sentences.

This module imports torch; it is itself imported where a model is first used.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from toolkit.lowrank import apply_updates, by_length, has_bfloat16, packaged_minilm, padded, updates_of

UPPER = 3  # layers that are adapted
LONGEST = 96  # tokens of a sentence that are read
STRETCH, BEFORE, LEAD = 220, 64, 32  # tokens read together; of what stands before; of the document's and the next start
SIZE = 128


class TokenReader(nn.Module):
    """The packaged MiniLM, cut below its adapted layers."""

    def __init__(self) -> None:
        super().__init__()
        self.bert, self.tokenizer = packaged_minilm()
        for name, parameter in self.bert.named_parameters():
            parameter.requires_grad_(any(f"layer.{n}." in name for n in self.adapted))

    @property
    def adapted(self) -> range:
        """Numbers of the adapted layers."""
        count = len(self.bert.encoder.layer)
        return range(count - UPPER, count)

    @property
    def width(self) -> int:
        """Length of a token vector."""
        return int(self.bert.config.hidden_size)

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids a text, without special tokens, at least one and at most LONGEST."""
        clean = [t.encode("utf-8", "replace").decode() for t in texts]
        if not clean:
            return []
        cut = self.tokenizer(clean, add_special_tokens=False, truncation=True, max_length=LONGEST)["input_ids"]
        return [list(ids) or [self.tokenizer.unk_token_id] for ids in cut]

    def lower(self, ids: Tensor, mask: Tensor) -> Tensor:
        """States below the adapted layers, shape (batch, length, width)."""
        x = self.bert.embeddings(input_ids=ids)
        for layer in self.bert.encoder.layer[: self.adapted.start]:
            x = layer(x, attention_mask=mask[:, None, None, :])
        return x  # type: ignore[no-any-return]

    def upper(self, states: Tensor, mask: Tensor) -> Tensor:
        """Token vectors from the states below, shape (batch, length, width)."""
        for layer in self.bert.encoder.layer[self.adapted.start :]:
            states = layer(states, attention_mask=mask[:, None, None, :])
        return states

    def windows(self, documents: Sequence[Sequence[str]]) -> list["Window"]:
        """Each document in stretches that fit the model, every sentence in one, with the sentences around it.

        A stretch begins with the start of the document and ends with the start of what follows, so that a name or a
        pronoun is read with what it stands for.
        """
        start, end = self.tokenizer.cls_token_id, self.tokenizer.sep_token_id
        out, first = [], 0
        for document in documents:
            cut = self.tokens(document)
            at = 0
            while at < len(cut):
                before, begin = _before(cut, at)
                ids = [start, *(cut[0][:LEAD] if begin > 0 else ()), *([end] if begin > 0 else ()), *before]
                spans: list[tuple[int, int, int]] = []
                while at < len(cut) and (not spans or len(ids) + len(cut[at]) <= STRETCH):
                    spans.append((first + at, len(ids), len(ids) + len(cut[at])))
                    ids += cut[at]
                    at += 1
                after = cut[at][:LEAD] if at < len(cut) else []
                out.append(Window((*ids, *after, end), tuple(spans)))
            first += len(cut)
        return out

    def batches(self, windows: Sequence["Window"], size: int = 32) -> Iterator[tuple[list[int], Tensor, Tensor]]:
        """Windows of like length together: their places, ids, and which are no padding."""
        for places in by_length([w.ids for w in windows], size):
            ids = padded([windows[n].ids for n in places])
            yield places, ids, torch.tensor([[n < len(windows[k].ids) for n in range(ids.shape[1])] for k in places])


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of a document as the model reads it.

    Args:
        ids: Token ids with the special ones.
        spans: Number of each sentence among all documents', and where its tokens begin and end in `ids`.
    """

    ids: tuple[int, ...]
    spans: tuple[tuple[int, int, int], ...]


def _before(cut: Sequence[Sequence[int]], at: int) -> tuple[list[int], int]:
    """The tokens before a sentence that are read with it, and the number of the sentence they begin in."""
    tokens: list[int] = []
    begin = at
    while begin > 0 and len(tokens) + len(cut[begin - 1]) <= BEFORE:
        begin -= 1
        tokens = [*cut[begin], *tokens]
    if not tokens and at > 0:  # the one before is long: its end
        return list(cut[at - 1][-BEFORE:]), at - 1
    return tokens, begin


@dataclass(frozen=True)
class TokenTable:
    """The projected tokens of n sentences, padded to the longest.

    Args:
        vectors: Unit token vectors, shape (n, length, SIZE); 0 where padded.
        weights: Learned weight a token before softmax, shape (n, length).
        mask: True where there is a token, shape (n, length).
        means: Unit mean of the unprojected token vectors, shape (n, width).
    """

    vectors: Tensor
    weights: Tensor
    mask: Tensor
    means: Tensor

    def take(self, rows: Tensor) -> "TokenTable":
        """Some of the sentences, padded only to the longest of them."""
        mask = self.mask[rows]
        length = int(mask.sum(dim=1).max())
        return TokenTable(
            self.vectors[rows, :length], self.weights[rows, :length], mask[:, :length], self.means[rows]
        )  # fmt: skip


@dataclass(frozen=True)
class _Side:
    """What one sentence finds in the other, pooled over its tokens; two vectors and two scores a pair."""

    pooled: Tensor
    strongest: Tensor
    matched: Tensor
    matched_evenly: Tensor
    length: Tensor


class PairHead(nn.Module):
    """From the tokens of two sentences to the log-odds of their making the same point."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.project = nn.Linear(width, SIZE)
        self.weigh = nn.Linear(width, 1)
        self.sharpness = nn.Parameter(torch.tensor(2.5))
        self.compare = nn.Sequential(nn.Linear(3 * SIZE + 1, SIZE), nn.GELU(), nn.Linear(SIZE, SIZE))
        self.judge = nn.Sequential(nn.Linear(4 * SIZE, 96), nn.GELU(), nn.Dropout(0.2))
        self.verdict = nn.Linear(96, 1)
        self.scores = nn.Linear(8, 1)
        # At the start it judges by cosine and best matches alone.
        nn.init.orthogonal_(self.project.weight)
        nn.init.zeros_(self.weigh.weight)
        nn.init.zeros_(self.verdict.weight)
        with torch.no_grad():
            self.scores.weight.copy_(torch.tensor([[4.0, 0, 0, 0, 0, 0, 8.0, 0]]))
            self.scores.bias.fill_(-5)

    def table(self, states: Tensor, mask: Tensor) -> TokenTable:
        """Projects token vectors of shape (n, length, width)."""
        keep = mask[..., None]
        mean = (states * keep).sum(1) / mask.sum(1, keepdim=True).clamp(min=1)
        return TokenTable(
            functional.normalize(self.project(states), dim=-1) * keep,
            self.weigh(states)[..., 0].masked_fill(~mask, -1e4),
            mask,
            functional.normalize(mean, dim=-1),
        )

    def forward(self, a: TokenTable, b: TokenTable) -> Tensor:
        """Log-odds a pair, shape (n,), for two tables of n sentences; the same for (b, a)."""
        similarity = a.vectors @ b.vectors.transpose(1, 2)
        x, y = self._side(a, b, similarity), self._side(b, a, similarity.transpose(1, 2))
        cosine = (a.means * b.means).sum(-1)
        least, most = torch.minimum, torch.maximum
        scores = [
            least(x.matched, y.matched), most(x.matched, y.matched),
            least(x.matched_evenly, y.matched_evenly), most(x.matched_evenly, y.matched_evenly),
            least(x.length, y.length), most(x.length, y.length), cosine, cosine * cosine,
        ]  # fmt: skip
        both = [
            x.pooled + y.pooled, (x.pooled - y.pooled).abs(),
            most(x.strongest, y.strongest), least(x.strongest, y.strongest),
        ]  # fmt: skip
        out = self.verdict(self.judge(torch.cat(both, -1))) + self.scores(torch.stack(scores, -1))
        return out[:, 0]  # type: ignore[no-any-return]

    def _side(self, mine: TokenTable, other: TokenTable, similarity: Tensor) -> _Side:
        known = similarity.masked_fill(~other.mask[:, None], -1e4)
        aligned = torch.softmax(known * self.sharpness.exp(), -1) @ other.vectors
        best = known.amax(-1)
        parts = torch.cat([mine.vectors, aligned, mine.vectors * aligned * 8, best[..., None]], -1)
        compared = self.compare(parts)
        weight = torch.softmax(mine.weights, -1)
        count = mine.mask.sum(1)
        best = best.masked_fill(~mine.mask, 0)
        return _Side(
            (compared * weight[..., None]).sum(1),
            compared.masked_fill(~mine.mask[..., None], -1e4).amax(1),
            (best * weight).sum(1),
            best.sum(1) / count,
            torch.log(count.float()) - 3,
        )


class LateInteraction:
    """The adapted reader and the trained head, from the weights that ship.

    Args:
        weights: Tensors of the adapter and of the head, as `adapter_of` names them.
    """

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self.reader = TokenReader()
        self.head = PairHead(self.reader.width)
        head = {k.removeprefix("head."): v.float() for k, v in weights.items() if k.startswith("head.")}
        self.head.load_state_dict(head)
        self.head.eval()
        apply_updates(self.reader.bert, self.reader.adapted, weights)

    @classmethod
    def load(cls, path: Path) -> "LateInteraction":
        """Reads a safetensors file."""
        from safetensors.torch import load_file

        return cls(load_file(path))

    @torch.inference_mode()
    def table(self, documents: Sequence[Sequence[str]]) -> TokenTable:
        """Reads each sentence once, with those around it; numbered through all documents.

        In bfloat16, as it was trained, where the processor has instructions for it: log-odds move by a few hundredths.
        """
        windows = self.reader.windows(documents)
        lengths = [b - a for window in windows for _, a, b in window.spans]
        states = torch.zeros(len(lengths), max(lengths, default=1), self.reader.width)
        mask = torch.zeros(len(lengths), max(lengths, default=1), dtype=torch.bool)
        for places, ids, there in self.reader.batches(windows):
            with torch.autocast("cpu", dtype=torch.bfloat16, enabled=has_bfloat16()):
                read = self.reader.upper(self.reader.lower(ids, there), there).float()
            for row, place in enumerate(places):
                for n, a, b in windows[place].spans:
                    states[n, : b - a] = read[row, a:b]
                    mask[n, : b - a] = True
        return self.head.table(states, mask)

    @torch.inference_mode()
    def scores(self, table: TokenTable, pairs: Tensor, *, size: int = 256) -> Tensor:
        """Log-odds of the pairs, given as rows of two places in the table; shape (n,)."""
        lengths = table.mask.sum(1)[pairs]
        # Pairs of like lengths together, whatever their order was.
        order = sorted(range(len(pairs)), key=lambda n: (int(lengths[n].max()), int(lengths[n].min())))
        out = torch.zeros(len(pairs))
        for at in range(0, len(order), size):
            some = torch.tensor(order[at : at + size])
            out[some] = self.head(table.take(pairs[some, 0]), table.take(pairs[some, 1]))
        return out


def adapter_of(trained: TokenReader, head: PairHead, *, rank: int) -> dict[str, Tensor]:
    """What a trained reader has learned, as float16 tensors: updates of the given rank, and the head."""
    out = {f"head.{k}": v.detach().half().contiguous() for k, v in head.state_dict().items()}
    return out | updates_of(trained.bert, trained.adapted, rank=rank)
