import io

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from toolkit.errors import SourceError
from toolkit.sources import articles_in, table


def parquet(texts):
    out = io.BytesIO()
    pq.write_table(pa.table({"text": texts}), out, compression="zstd")
    return out.getvalue()


def test_a_table_has_as_many_rows_as_are_wanted():
    data = parquet(["One.", "Two.", "Three."])
    assert [a.text for a in articles_in(data, name="a.parquet", most=3)] == ["One.", "Two.", "Three."]
    with pytest.raises(SourceError, match=r"a\.parquet: the table has more than 2 rows"):
        articles_in(data, name="a.parquet", most=2)


def test_a_file_that_unpacks_to_far_more_than_its_size_is_not_read(monkeypatch):
    monkeypatch.setattr(table, "_UNPACKED", 1_000_000)
    with pytest.raises(SourceError, match=r"a\.parquet: would unpack to 2 MB"):
        articles_in(parquet(["a" * 2_000_000]), name="a.parquet")
    assert len(articles_in(parquet(["a" * 500_000]), name="a.parquet")[0].text) == 500_000


def test_rows_are_read_across_batches():
    texts = [f"Report {n}." for n in range(600)]
    assert [a.text for a in articles_in(parquet(texts), name="a.parquet")] == texts
