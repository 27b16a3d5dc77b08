from toolkit.analyse import SpacyAnalyser
from toolkit.framing.origins import origins_of
from toolkit.types import Document

WIRE = ["The ferry sank off Tarso on Monday with 40 people aboard.", "Divers found nobody alive in the hull by night."]
OWN = [
    "Forty people were on the ferry that went down near Tarso.",
    "Its owner had been fined twice for old life rafts.",
]


def origins(*reports):
    read = SpacyAnalyser().analyse
    return origins_of([read(Document.from_sentences(r, article_id=f"r{n}")) for n, r in enumerate(reports)])


def test_a_copy_and_one_with_a_line_of_its_own_are_one_origin():
    assert origins(WIRE, OWN, [*WIRE, "The mayor will speak today."], ["A new lead stands here.", WIRE[0]]) == (
        0,
        1,
        0,
        0,
    )


def test_one_shared_quotation_or_short_line_makes_no_copy():
    assert origins([*OWN, WIRE[1]], WIRE) == (0, 1)
    assert origins(["It sank."], ["It sank."]) == (0, 1)
