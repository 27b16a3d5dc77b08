"""When two reports say the very same: then they do not differ there, however their text is cut."""

from toolkit.analyse import Analysis


def plain(text: str) -> str:
    """Lower-cased words alone, a space between them and at both ends."""
    return " " + " ".join("".join(c if c.isalnum() else " " for c in text.lower()).split()) + " "


def spoken(analysis: Analysis) -> str:
    """A report's body as plain words, in which another report's sentence can be looked up whole."""
    return plain(" ".join(s.sentence.text for s in analysis.sentences))
