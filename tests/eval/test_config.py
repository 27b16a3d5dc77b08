import json
from pathlib import Path

import pytest
from eval_made import options, write_config

from eval.config import EvalConfig
from toolkit.errors import ConfigError

CONFIGS = Path(__file__).parents[2] / "configs" / "eval"


@pytest.mark.parametrize("path", sorted(CONFIGS.glob("*.yaml")), ids=lambda p: p.stem)
def test_shipped_configs_are_valid_and_read_back_from_their_own_record(path):
    config = EvalConfig.from_yaml(path)
    assert EvalConfig.model_validate(config.model_dump(mode="json")) == config


def test_published_schema_is_that_of_the_types():
    published = json.loads((CONFIGS / "schema.json").read_text(encoding="utf-8"))
    assert published == EvalConfig.model_json_schema(), "run: make schema"


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"sede": 1}, ["unknown option 'sede'", "bootstrap", "systems"]),
        ({"tasks": [{"kind": "nulls", "splt": "all"}]}, ["unknown option 'tasks.0.splt'", "data_dir", "split"]),
        ({"tasks": [{"kind": "nulls", "split": "al"}]}, ["tasks.0.split", "'examples'", "got 'al'"]),
        ({"tasks": [{"kind": "nul"}]}, ["tasks.0: expected a 'kind' among", "framediff", "nulls"]),
        ({"tasks": [{"split": "all"}]}, ["tasks.0: expected a 'kind' among", "framediff"]),
        ({"systems": [{"kind": "samestory", "config": {"aligner": {"kind": "plain", "treshold": 1}}}]},
         ["'systems.0.config.aligner.treshold'", "threshold"]),
        ({"systems": [{"kind": "cosine-compare", "threshold": 7}]}, ["systems.0.threshold", "got 7"]),
        ({"systems": []}, ["systems"]),
        ({"metrics": ["alignment_f2"]}, ["metrics: no task here has 'alignment_f2'", "alignment_f1"]),
        ({"tasks": [{"kind": "nulls"}, {"kind": "nulls", "limit": 1}]}, ["'nulls'", "more than once"]),
    ],
)  # fmt: skip
def test_a_wrong_option_is_named_by_file_key_and_choices(tmp_path, change, said):
    path = write_config(tmp_path / "c.yaml", options(tmp_path, **change))
    with pytest.raises(ConfigError) as caught:
        EvalConfig.from_yaml(path)
    assert all(word in str(caught.value) for word in [str(path), *said])


@pytest.mark.parametrize(("text", "said"), [("- a", "key: value"), ("a: [", "not YAML"), ("name: x", "tasks: needed")])
def test_what_is_no_config_is_refused(tmp_path, text, said):
    path = tmp_path / "c.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError, match=said):
        EvalConfig.from_yaml(path)


def test_two_configurations_of_one_kind_have_names_of_their_own(tmp_path):
    systems = [{"kind": "samestory"}, {"kind": "samestory", "config": {"summarizer": {"kind": "lead"}}}]
    config = EvalConfig.model_validate(options(tmp_path, systems=systems))
    assert config.systems[0].name == "samestory"
    assert config.systems[1].name.startswith("samestory-")


def test_metrics_are_chosen_beside_the_main_one(tmp_path):
    config = EvalConfig.model_validate(options(tmp_path, metrics=["alignment_f1"]))
    assert config.metrics_of(config.tasks[0]) == ("difference_kind_f1", "alignment_f1")
