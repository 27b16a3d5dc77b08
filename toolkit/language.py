"""Which language a text is in."""

from itertools import islice


def detect_language(text: str) -> str:
    """The ISO 639-1 code of the text's language, or `und` where fewer than 40 letters leave it open.

    Reads the first 4,000 characters.
    """
    letters = sum(1 for _ in islice(filter(str.isalpha, text), 40))
    if letters < 40:
        return "und"
    from py3langid import classify

    code, _ = classify(text[:4000].encode("utf-8", "replace").decode("utf-8"))
    return str(code)
