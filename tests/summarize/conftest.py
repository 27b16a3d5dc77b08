"""Language models of a few thousand random weights, saved as any other: what they write is noise, the way is real."""

import warnings
from functools import cache

import pytest
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import (
    BartConfig,
    BartForConditionalGeneration,
    GPT2Config,
    GPT2LMHeadModel,
    LEDConfig,
    LEDForConditionalGeneration,
    PegasusConfig,
    PegasusForConditionalGeneration,
    PreTrainedTokenizerFast,
    T5Config,
    T5ForConditionalGeneration,
    set_seed,
)

SPECIAL = ["<pad>", "<s>", "</s>", "<unk>"]
WORDS = "The ferry crews stopped work on Friday, and the union said talks would go on. "
SIZE = 300


@cache
def _tokenizer(longest):
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=SIZE, special_tokens=SPECIAL, initial_alphabet=alphabet, show_progress=False
    )
    tokenizer.train_from_iterator([WORDS], trainer)
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", bos_token="<s>", eos_token="</s>", unk_token="<unk>",
        model_max_length=longest,
    )  # fmt: skip


def _common(**more):
    ids = {"pad_token_id": 0, "bos_token_id": 1, "eos_token_id": 2}
    return {"vocab_size": SIZE, **ids, **more}


def _layers():
    sizes = {"d_model": 16, "encoder_layers": 1, "decoder_layers": 1, "encoder_ffn_dim": 16, "decoder_ffn_dim": 16}
    return {**sizes, "encoder_attention_heads": 2, "decoder_attention_heads": 2}


def _bart():
    return BartForConditionalGeneration(
        BartConfig(**_common(decoder_start_token_id=2, forced_eos_token_id=2), **_layers(), max_position_embeddings=128)
    )


def _pegasus():
    return PegasusForConditionalGeneration(
        PegasusConfig(**_common(decoder_start_token_id=0), **_layers(), max_position_embeddings=128)
    )


def _led():
    return LEDForConditionalGeneration(
        LEDConfig(
            **_common(decoder_start_token_id=2), **_layers(), attention_window=[16],
            max_encoder_position_embeddings=256, max_decoder_position_embeddings=64,
        )
    )  # fmt: skip


def _t5():
    return T5ForConditionalGeneration(
        T5Config(
            **_common(decoder_start_token_id=0), d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2,
        )
    )  # fmt: skip


def _gpt2():
    return GPT2LMHeadModel(GPT2Config(**_common(), n_embd=16, n_layer=1, n_head=2, n_positions=1024))


MODELS = {"bart": _bart, "pegasus": _pegasus, "led": _led, "t5": _t5, "gpt2": _gpt2}
LONGEST = {"bart": 128, "pegasus": 128, "led": 256, "t5": 128, "gpt2": 1024}


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    """By kind, a folder with a model and its tokenizer."""
    home = tmp_path_factory.mktemp("models")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for kind, model in MODELS.items():
            set_seed(0)
            model().eval().save_pretrained(home / kind)
            _tokenizer(LONGEST[kind]).save_pretrained(home / kind)
    return {kind: home / kind for kind in MODELS}
