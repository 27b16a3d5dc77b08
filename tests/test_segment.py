import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from toolkit.segment import boilerplate_rule, mark_boilerplate, segment
from toolkit.types import Article, Document

PIECES = [
    "a",
    "B",
    "Mr.",
    "\xa0",
    ". ",
    "? ",
    "\r\n",
    "\n\n",
    "\r",
    "\u2028",
    "\x85",
    "😀",
    "e\u0301",
    "\u200d",
    "\ufeff",
]
PIECES += [
    "“",
    "”",
    '"',
    "'",
    "\x00",
    "1.",
    "।",
    "Reporting by Ann Lee",
    "tg/rc (AP)",
    "By Ann Lee",
    "\u3000",
]
PIECES += ["5 p.m. ", "Monday ", "• ", "(", "]", "“" + "We won. We left. " * 40]
AWKWARD = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
ANYTHING = st.text(st.characters(exclude_categories=["Cs"]), max_size=300)

BOILERPLATE = [
    ("By Ann Lee", "byline"),
    ("By Ann Lee and Omar van der Berg, Harbour Post", "byline"),
    ("BY ANN LEE", "byline"),
    ("By our staff reporter", "byline"),
    ("kl/mn (AP, Reuters)", "sign-off"),
    ("kl/mn (AFP, dpa)", "sign-off"),
    ("(Reuters)", "sign-off"),
    ("Reporting by Ann Lee in Oslo; editing by Omar Berg", "credits"),
    ("(Reporting by Ann Lee and Omar Berg in Oslo; Writing by Eva Stone; Editing by Tom Hill)", "credits"),
    ("The Associated Press contributed to this report.", "credits"),
    ("Post writers Ann Lee in Oslo and Omar Berg in Bergen contributed to this story.", "credits"),
    ("(With inputs from agencies)", "credits"),
    ("© 2024 Harbour Post. All rights reserved.", "credits"),
    ("Published: 17 September 2023", "timestamp"),
    ("Updated Sept. 17, 2023, 10:45 a.m. GMT", "timestamp"),
    ("To watch this clip please enable JavaScript and use a browser that plays HTML5 video", "browser notice"),
    ("Your browser does not support the audio element.", "browser notice"),
    ("Watch: the ferry leaves harbour", "video"),
    ("Watch the video above", "video"),
    ("Comments are closed.", "comments"),
    ("Comments are closed, but trackbacks and pingbacks are open.", "comments"),
    ("Comments are closed on this article.", "comments"),
    ("Leave a comment", "comments"),
    ("Share on Facebook", "share"),
    ("Share this article", "share"),
    ("Follow us on Twitter @harbourpost", "share"),
    ("Subscribe to our newsletter", "subscribe"),
    ("Sign up for our free morning newsletter to get the news first.", "subscribe"),
    ("Read more: how the ferry sank", "read more"),
    ("ALSO READ | How the ferry sank", "read more"),
    ("Advertisement", "read more"),
    ("Photo: Ann Lee", "photo credit"),
    ("FILE PHOTO: The ferry in harbour, June 2020.", "photo credit"),
    ("(AP Photo/Ann Lee, File)", "photo credit"),
    ("Ann Lee/Getty Images", "photo credit"),
    ("* * *", "empty"),
    ("”", "empty"),
    ("1.", "empty"),
]
NEWS = [
    "A video published by the agency showed the train leaving.",
    "Video released by the ministry shows the minister on the quay.",
    "Watch what they do, the minister said, not what they say.",
    "Watch officers found the boat empty.",
    "Comments are closed to outsiders, the council said, and will stay so.",
    "His comments are closed in on themselves, one critic wrote.",
    "Readers who subscribe to our newsletter were told first, the editor said.",
    "Subscribe to the treaty or leave the union, the minister told the islanders.",
    "Share prices fell by a tenth.",
    "Share your grain with your neighbours, the bishop urged.",
    "Follow us into the harbour, the pilot told the crew.",
    "By Sunday, forty people had been rescued.",
    "By Monday Evening the water had reached the square.",
    "By then the police had left.",
    "Reporting by two newspapers showed that the pumps had failed.",
    "Reporting by Reuters showed that the pumps had failed.",
    "Editing by the censor removed the passage.",
    "Years of neglect contributed to this disaster.",
    "The photo: a child on a beach, holding a lamp.",
    "A photo by Ann Lee won the prize.",
    "The site asked visitors to enable JavaScript before the data were stolen.",
    "Read more than one report, the teacher said.",
    "This report was published by the council in May and blames both sides.",
    "This article of the treaty was first tested in court.",
    "Correction: An earlier version of this article gave a wrong figure.",
    "CORRECTION (17 September 2023): The ferry carried 40 people, not 400.",
    "On September 17, 2023 the ferry sank.",
    "He moved to Oslo (Norway).",
    "Copyright law is to change.",
    "Related charges were dropped.",
    "Advertisement spending rose.",
    "File a claim by Friday, the insurer said.",
    "The AP, Reuters and AFP were shut out.",
    "“We won,” she said.",
    "No.",
]


@pytest.mark.parametrize(("sentence", "rule"), BOILERPLATE)
def test_boilerplate_is_marked(sentence, rule):
    assert boilerplate_rule(sentence) == rule


@pytest.mark.parametrize("sentence", NEWS)
def test_news_is_not_marked(sentence):
    assert boilerplate_rule(sentence) is None


@given(st.one_of(AWKWARD, ANYTHING))
@settings(max_examples=300, deadline=None)
def test_offsets_are_exact_and_nothing_is_lost(text):
    document = segment(Article(text))
    at = 0
    for s in document.sentences:
        assert text[s.start : s.end] == s.text == s.text.strip()
        assert s.text
        assert not text[at : s.start].strip()
        at = s.end
    assert not text[at:].strip()
    assert [s.paragraph for s in document.sentences] == sorted(s.paragraph for s in document.sentences)


def test_a_line_break_ends_a_paragraph():
    document = segment(Article("The ferry sank. Forty drowned.\nThe owner is silent.\r\n\r\nAn inquiry opens\rtoday"))
    assert [(s.text, s.paragraph) for s in document.sentences] == [
        ("The ferry sank.", 0),
        ("Forty drowned.", 0),
        ("The owner is silent.", 1),
        ("An inquiry opens", 2),
        ("today", 3),
    ]


def test_text_wrapped_at_a_fixed_width_is_cut_at_blank_lines():
    text = (
        "The ferry left the harbour at six in the morning with forty people on\n"
        "board, among them the mayor of the island. It carried far more cars\n"
        "than its papers allowed, the coast guard said on Sunday, and its lamps\n"
        "were broken.\n\nThe owner is silent.\n"
    )
    document = segment(Article(text))
    assert [s.text.split()[-1] for s in document.sentences] == ["island.", "broken.", "silent."]
    assert [s.paragraph for s in document.sentences] == [0, 0, 1]


def test_abbreviations_initials_and_wide_spaces():
    document = segment(Article("Mr.\xa0B. Roe met Gov. Lee of the U.S. Senate. It ended at 5 p.m. Monday. 😀 He left."))
    assert [s.text for s in document.sentences] == [
        "Mr.\xa0B. Roe met Gov. Lee of the U.S. Senate.",
        "It ended at 5 p.m. Monday.",
        "😀 He left.",
    ]


def test_stray_apostrophes_hide_no_sentence_end():
    document = segment(
        Article("The pirates ' boats sank in '90s style. Forty drowned. It's over. The crew ' s boat left.")
    )
    assert len(document.sentences) == 4


def test_text_after_a_bullet_is_cut():
    document = segment(Article("• The ferry sank. Forty drowned.\n· The owner is silent. He left."))
    assert [s.text for s in document.sentences] == [
        "• The ferry sank.",
        "Forty drowned.",
        "· The owner is silent.",
        "He left.",
    ]


def test_a_long_quotation_is_cut_inside():
    text = "“" + "We have waited for the ferry since the war. " * 20 + "We go.” “It is late,” she said."
    sentences = [s.text for s in segment(Article(text)).sentences]
    assert sentences[0] == "“We have waited for the ferry since the war."
    assert sentences[-2:] == ["We go.”", "“It is late,” she said."]


def test_a_sign_off_after_the_last_sentence_stands_alone():
    document = segment(Article("The ferry sank. kl/mn (AP, Reuters)"))
    assert [s.text for s in document.body] == ["The ferry sank."]
    assert len(document.sentences) == 2


def test_a_document_comes_back_unchanged():
    document = Document.from_sentences(["By Ann Lee", "The ferry sank."])
    assert segment(document) is document


def test_marking_keeps_earlier_marks():
    document = Document.from_sentences(["By Ann Lee", "", "The ferry sank."])
    assert [s.boilerplate for s in mark_boilerplate(document).sentences] == [True, True, False]
    assert mark_boilerplate(mark_boilerplate(document)) == mark_boilerplate(document)


def test_header_fields_are_kept():
    article = Article("The ferry sank.", id="x", outlet="Post", title="T", url="u", group="g", published="2024-01-01")
    document = segment(article)
    assert (document.id, document.outlet, document.title, document.group) == ("x", "Post", "T", "g")
    assert document.published == "2024-01-01"


@pytest.mark.parametrize("text", ["", " \n\t", "***\n—", "Advertisement"])
def test_without_a_sentence_there_is_no_body(text):
    assert segment(Article(text)).body == ()


@pytest.mark.parametrize(
    "text", ["By " + "Aa " * 200, "Reporting by " + "A. " * 130, "a/" * 190 + "(", "With input from " + "A, " * 120]
)
def test_rules_are_quick_on_hostile_sentences(text):
    assert boilerplate_rule(text[:400] + "!") is None
