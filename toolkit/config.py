"""The options of a run: one class for Python, YAML, the record and the JSON schema."""

from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    ValidationInfo,
    ValidatorFunctionWrapHandler,
    WrapSerializer,
    WrapValidator,
    field_validator,
)

from toolkit.align.cross import CrossEncoderAligner
from toolkit.align.plain import HybridAligner, PlainAligner
from toolkit.align.trained import TrainedAligner
from toolkit.analyse import SpacyAnalyser
from toolkit.encode import MiniLM, SentenceTransformers
from toolkit.framing.judge import Framing
from toolkit.summarize.extractive import Extractive, Lead
from toolkit.summarize.generative import Causal, Seq2Seq
from toolkit.summarize.grounding import Grounding
from toolkit.validation import read_yaml

COMPONENTS: dict[str, tuple[Any, ...]] = {
    "analyser": (SpacyAnalyser,),
    "encoder": (MiniLM, SentenceTransformers),
    "summarizer": (Extractive, Lead, Seq2Seq, Causal),
    "grounding": (Grounding,),
    "aligner": (TrainedAligner, HybridAligner, PlainAligner, CrossEncoderAligner),
    "framing": (Framing,),
}


def _own(method: str) -> tuple[WrapValidator, WrapSerializer]:
    """Lets Python hand over anything that has the Protocol's method; YAML keeps to the closed choice."""

    def take(value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        return value if callable(getattr(value, method, None)) else handler(value)

    def give(value: Any, handler: SerializerFunctionWrapHandler) -> Any:
        if any(type(value) is c for known in COMPONENTS.values() for c in known):
            return handler(value)
        return {"kind": "custom", "name": str(getattr(value, "name", type(value).__name__))}

    return WrapValidator(take), WrapSerializer(give)


_ENCODER, _SUMMARIZER, _ALIGNER, _ANALYSER, _GROUNDING, _FRAMING = (
    _own(m) for m in ("encode", "summarize", "links", "analyse", "ground", "judge")
)


class CompareConfig(BaseModel):
    """Every option of a comparison (configs/compare/default.yaml says what each is for).

    Args:
        language: ISO 639-1 code of the language the analysis was made for: English, so far.
        any_language: Go on with articles in other languages.
        analyser: The parse.
        encoder: Sentence vectors; a bare string is a sentence-transformers model's name or path.
        summarizer: How each article is summarised.
        grounding: What happens to a summary's sentence that its article does not support.
        aligner: How sentences that make the same point are found.
        framing: Which differences are looked for, and how sure each must be.

    In Python each component may also be any object of yours that fits its Protocol.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Literal["en"] = "en"
    any_language: bool = False
    analyser: Annotated[SpacyAnalyser, *_ANALYSER] = Field(default_factory=SpacyAnalyser)
    encoder: Annotated[Annotated[MiniLM | SentenceTransformers, Field(discriminator="kind")], *_ENCODER] = Field(
        default_factory=MiniLM
    )
    summarizer: Annotated[
        Annotated[Extractive | Lead | Seq2Seq | Causal, Field(discriminator="kind")], *_SUMMARIZER
    ] = Field(default_factory=Extractive)
    grounding: Annotated[Grounding, *_GROUNDING] = Field(default_factory=Grounding)
    aligner: Annotated[
        Annotated[TrainedAligner | HybridAligner | PlainAligner | CrossEncoderAligner, Field(discriminator="kind")],
        *_ALIGNER,
    ] = Field(default_factory=TrainedAligner)
    framing: Annotated[Framing, *_FRAMING] = Field(default_factory=Framing)

    @field_validator("encoder", "summarizer", "aligner", mode="before")
    @classmethod
    def _default_kind(cls, value: Any, info: ValidationInfo) -> Any:
        """Options without a kind are the default component's; a bare string is an encoder's model."""
        if isinstance(value, str) and info.field_name == "encoder":
            return {"kind": "sentence-transformers", "model": value}
        if isinstance(value, dict) and "kind" not in value:
            return {"kind": COMPONENTS[str(info.field_name)][0].kind, **value}
        return value

    @classmethod
    def from_yaml(cls, path: str | Path) -> Self:
        """Reads a YAML file of options.

        Raises:
            ConfigError: If it cannot be read or an option is wrong; names the file, each dotted key and the choices.
        """
        return read_yaml(cls, path)
