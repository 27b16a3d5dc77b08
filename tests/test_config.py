from pathlib import Path

import pytest
from pydantic import ValidationError

from toolkit import Article, compare
from toolkit.config import CompareConfig
from toolkit.errors import ConfigError

DEFAULT = Path(__file__).parent.parent / "configs" / "compare" / "default.yaml"


def written(folder: Path, text: str) -> Path:
    path = folder / "options.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_default_file_says_what_the_code_says():
    assert CompareConfig.from_yaml(DEFAULT) == CompareConfig()


def test_empty_file_gives_the_defaults(tmp_path):
    assert CompareConfig.from_yaml(written(tmp_path, "")) == CompareConfig()


def test_unknown_option_is_named_with_the_choices(tmp_path):
    path = written(tmp_path, "languge: en\n")
    with pytest.raises(ConfigError) as caught:
        CompareConfig.from_yaml(path)
    message = str(caught.value)
    assert str(path) in message
    assert "'languge'" in message
    assert all(name in message for name in CompareConfig.model_fields)


@pytest.mark.parametrize(
    ("text", "dotted", "choices"),
    [
        ("aligner: {kind: trained, treshold: 0.4}", "aligner.treshold", ["kind", "threshold"]),
        ("framing: {treshold: {naming: 0.4}}", "framing.treshold", ["kinds", "thresholds", "omissions_per_article"]),
        ("encoder: {kind: minilm, batch: 8}", "encoder.batch", ["batch_size", "cache", "cache_dir", "dtype"]),
        ("aligner: {kind: plain, treshold: 0.4}", "aligner.treshold", ["kind", "threshold"]),
    ],
)
def test_unknown_nested_option_is_named_by_its_dotted_path_with_the_choices(tmp_path, text, dotted, choices):
    with pytest.raises(ConfigError) as caught:
        CompareConfig.from_yaml(written(tmp_path, text))
    message = str(caught.value)
    assert f"'{dotted}'" in message
    assert all(choice in message for choice in choices)


@pytest.mark.parametrize(
    ("text", "dotted"),
    [
        ("language: English", "language"),
        ("aligner: {kind: trained, threshold: 1.5}", "aligner.threshold"),
        ("encoder: {kind: minilm, batch_size: 0}", "encoder.batch_size"),
        ("framing: {omissions_per_article: -1}", "framing.omissions_per_article"),
    ],
)
def test_wrong_value_is_named_with_what_was_got(tmp_path, text, dotted):
    with pytest.raises(ConfigError, match=rf"{dotted}: .*got "):
        CompareConfig.from_yaml(written(tmp_path, text))


def test_unknown_kind_names_the_kinds_there_are(tmp_path):
    with pytest.raises(ConfigError, match=r"expected a 'kind' among trained, hybrid, plain, cross-encoder, got"):
        CompareConfig.from_yaml(written(tmp_path, "aligner: {kind: magic}"))


@pytest.mark.parametrize(("text", "said"), [("- a\n- b\n", "key: value"), ("a: [", "not YAML"), ("\0", "not YAML")])
def test_what_is_not_a_file_of_options_is_refused(tmp_path, text, said):
    with pytest.raises(ConfigError, match=said):
        CompareConfig.from_yaml(written(tmp_path, text))


def test_missing_file_is_refused_by_name(tmp_path):
    with pytest.raises(ConfigError, match=r"none\.yaml: cannot be read"):
        CompareConfig.from_yaml(tmp_path / "none.yaml")


def test_bare_string_is_an_encoder_by_name(tmp_path):
    config = CompareConfig.from_yaml(written(tmp_path, "encoder: BAAI/bge-small-en-v1.5"))
    assert config.encoder.kind == "sentence-transformers"
    assert config.encoder.model == "BAAI/bge-small-en-v1.5"
    assert CompareConfig(encoder="BAAI/bge-small-en-v1.5") == config


def test_options_read_back_from_the_record():
    config = CompareConfig(any_language=True, summarizer={"kind": "lead"})
    assert CompareConfig.model_validate(config.model_dump(mode="json")) == config


def test_framing_and_grounding_of_your_own_are_taken_and_recorded_as_such():
    class Silent:
        name = "silent"

        def judge(self, analyses, *, rows, links, threshold, encoder):
            return ()

    class Trusting:
        def ground(self, summary, document, rows, *, encoder, analyser):
            return summary

    config = CompareConfig(framing=Silent(), grounding=Trusting())
    recorded = config.model_dump(mode="json")
    assert recorded["framing"] == {"kind": "custom", "name": "silent"}
    assert recorded["grounding"] == {"kind": "custom", "name": "Trusting"}
    story = [Article("The port was shut. 12 people were hurt."), Article("The port was shut! 40 people were hurt.")]
    assert compare(story, config=config).differences == ()


def test_a_framing_without_the_method_is_refused():
    with pytest.raises(ValidationError):
        CompareConfig(framing=object())
