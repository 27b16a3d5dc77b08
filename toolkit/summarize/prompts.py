"""What a causal model is shown before it writes: a request for one made for chats, two examples for a base model.

The examples were written for this project.
"""

_EXAMPLES = (
    (
        "Ferry crews at Orrin Bay to strike over rosters",
        "Crews of the Orrin Bay ferries will stop work for 24 hours on Friday, their union said on Tuesday. The "
        'walkout, the second this month, follows talks over new rosters that ended without a deal. "Nobody should work '
        'eleven days in a row," said union secretary Dana Pell. Bay Lines, which runs the six boats, said it would '
        "offer buses around the bay and refund tickets. About 4,000 people cross the bay on a working day.",
        "Crews of the Orrin Bay ferries will strike for 24 hours on Friday after talks over new rosters failed, their "
        "union said. It is their second walkout this month. The operator, Bay Lines, said it would offer buses and "
        "refund tickets.",
    ),
    (
        "Museum returns bronze bell to village",
        "The museum of Halvik has given back a bronze bell to the village of Tresk, from which it was taken during the "
        "war of 1921. A researcher found the bell's true origin in a church register last year. The village council "
        "plans to hang it in the chapel before winter. The museum's director, Ivo Marr, said that two further objects "
        "are being looked into.",
        "A museum in Halvik has returned a bronze bell taken from the village of Tresk during the war of 1921. A "
        "church register had shown where it came from. The museum's director said two further objects are being "
        "looked into.",
    ),
)


EXAMPLES = len(_EXAMPLES)


def example_prompt(text: str, title: str, *, examples: int = EXAMPLES) -> str:
    """So many articles with their summaries, then the article, for a model to go on with."""
    shown = [f"{_article(t, a)}\nSummary: {s}" for t, a, s in _EXAMPLES[:examples]]
    return "\n\n".join([*shown, f"{_article(title, text)}\nSummary:"])


def chat_prompt(text: str, title: str, *, sentences: int) -> str:
    """A request for a summary of so many sentences."""
    return (
        f"Summarise this news article in {sentences} sentence{'s' * (sentences > 1)}. Use only what it says, keep who "
        f"said it and how sure it is, and add nothing.\n\n{_article(title, text)}"
    )


def _article(title: str, text: str) -> str:
    """The article on one line, under its title where it has one; line breaks would end it."""
    line = " ".join(text.split())
    return f"Title: {' '.join(title.split())}\nArticle: {line}" if title else f"Article: {line}"
