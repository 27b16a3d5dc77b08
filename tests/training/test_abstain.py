import re

from toolkit.training.abstain import read_rewrites

_QUOTED = re.compile(r'"([^"]+)"')


def test_rewrites_are_whole_reports_told_twice_with_the_same_quotations():
    rewrites = list(read_rewrites())
    assert len({r.id for r in rewrites}) == len(rewrites) >= 15
    for r in rewrites:
        first, second = (d.text for d in r.documents)
        assert not r.differences
        assert all(len(d.sentences) >= 10 for d in r.documents)
        said = [sorted(q.strip(",.") for q in _QUOTED.findall(text)) for text in (first, second)]
        assert said[0] == said[1], r.id
        shared = {s.text for s in r.documents[0].sentences} & {s.text for s in r.documents[1].sentences}
        assert not shared, r.id
