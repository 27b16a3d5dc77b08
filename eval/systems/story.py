"""The toolkit's summary of a whole story, as a system."""

from functools import cached_property
from typing import ClassVar, Literal

from pydantic import ConfigDict
from pydantic.dataclasses import dataclass

from eval.systems.summary import budget_of, fitted
from eval.types import Family, Item
from toolkit.compare import summarize_story
from toolkit.config import CompareConfig
from toolkit.errors import StoryError
from toolkit.types import Document


@dataclass(frozen=True, config=ConfigDict(extra="forbid"))
class WholeStory:
    """`summarize_story`: what all outlets tell, then what some tell, until the item's words are used up."""

    kind: Literal["whole-story"] = "whole-story"

    families: ClassVar[frozenset[Family]] = frozenset({"story_summary"})

    @property
    def name(self) -> str:
        """What tables call it."""
        return self.kind

    def missing(self) -> str:
        """Nothing is."""
        return ""

    @cached_property
    def _config(self) -> CompareConfig:
        return CompareConfig(any_language=True)

    def predict(self, item: Item) -> dict[str, str]:
        """The sentences within the budget; those of the one report, where there is but one."""
        words = int(item.data["words"])
        documents = [Document.from_sentences(s) for s in item.data["articles"] if any(t.strip() for t in s)]
        try:
            found = summarize_story(documents, words=words, config=self._config)
            texts = [s.text for s in (*found.agreed, *found.partly)]
        except StoryError:
            texts = [s for article in item.data["articles"] for s in article]
        chosen = fitted(range(len(texts)), texts.__getitem__, **budget_of(item))
        return {"text": " ".join(texts[n] for n in chosen)}
