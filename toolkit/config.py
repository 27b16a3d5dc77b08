"""The options of a run: one class for Python, YAML, the record and the JSON schema."""

from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from toolkit.align.aligner import PlainAligner, TrainedAligner
from toolkit.analyse import SpacyAnalyser
from toolkit.encode import MiniLM, SentenceTransformers
from toolkit.errors import ConfigError
from toolkit.framing.judge import Framing
from toolkit.summarize.extractive import Extractive, Lead


class CompareConfig(BaseModel):
    """Every option of a comparison (configs/compare/default.yaml says what each is for).

    Args:
        language: ISO 639-1 code of the language the analysis was made for.
        any_language: Go on with articles in other languages.
        analyser: The parse.
        encoder: Sentence vectors; a bare string is a sentence-transformers model's name or path.
        summarizer: How each article is summarised.
        aligner: How sentences that make the same point are found.
        framing: Which differences are looked for, and how sure each must be.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    any_language: bool = False
    analyser: SpacyAnalyser = Field(default_factory=SpacyAnalyser)
    encoder: Annotated[MiniLM | SentenceTransformers, Field(discriminator="kind")] = Field(default_factory=MiniLM)
    summarizer: Annotated[Extractive | Lead, Field(discriminator="kind")] = Field(default_factory=Extractive)
    aligner: Annotated[TrainedAligner | PlainAligner, Field(discriminator="kind")] = Field(
        default_factory=TrainedAligner
    )
    framing: Framing = Field(default_factory=Framing)

    @field_validator("encoder", mode="before")
    @classmethod
    def _model_by_name(cls, value: Any) -> Any:
        return {"kind": "sentence-transformers", "model": value} if isinstance(value, str) else value

    @classmethod
    def from_yaml(cls, path: str | Path) -> Self:
        """Reads a YAML file of options.

        Raises:
            ConfigError: If it cannot be read or an option is wrong; names the file, each dotted key and the choices.
        """
        import yaml

        try:
            raw = yaml.safe_load(Path(path).read_text(encoding="utf-8")) or {}
        except (OSError, UnicodeDecodeError, ValueError) as error:
            raise ConfigError(f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}") from error
        except yaml.YAMLError as error:
            raise ConfigError(f"{path}: not YAML: {' '.join(str(error).split())}") from error
        if not isinstance(raw, dict):
            raise ConfigError(f"{path}: expected options as 'key: value' lines, got {type(raw).__name__}")
        try:
            return cls.model_validate(raw)
        except ValidationError as error:
            raise ConfigError(f"{path}: " + "; ".join(_said(e) for e in error.errors())) from error


def _said(error: Any) -> str:
    tags = {"minilm", "sentence-transformers", "extractive", "lead", "trained", "plain"}
    where = [str(p) for p in error["loc"] if str(p) not in tags]
    if error["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
        return f"unknown option {'.'.join(where)!r}; there are {', '.join(_choices(where[:-1]))}"
    return f"{'.'.join(where)}: {error['msg']}, got {error['input']!r}"


def _choices(parents: list[str]) -> list[str]:
    from dataclasses import fields

    if not parents:
        return sorted(CompareConfig.model_fields)
    part: Any = getattr(CompareConfig(), parents[0], None)
    return sorted(f.name for f in fields(part)) if part is not None else []
