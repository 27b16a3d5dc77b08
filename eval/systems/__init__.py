"""The systems that a config can name, by `kind`. A new one is a class in a file here, its import and its line below."""

from typing import Annotated

from pydantic import Field

from eval.systems.adapted import Adapted, StanceModel
from eval.systems.attribute import AttributeConstant, AttributeRule, AttributeTagger, SpacyVerbs
from eval.systems.classify import Constant, Logistic, TfidfLogistic
from eval.systems.compare import CosineCompare, SameStory
from eval.systems.mentions import HeadLemma, MentionsEmbedding, Singletons
from eval.systems.pairs import Cosine, PairAligner, Tfidf
from eval.systems.stories import StoriesCosine, StoriesTfidf
from eval.systems.story import WholeStory
from eval.systems.summary import BertExtractive, ExtractiveSummary, LeadSentences, RandomSentences, Summa, Sumy
from eval.systems.support import Checker, SupportCosine, SupportTfidf

AnySystem = Annotated[
    Adapted
    | AttributeConstant
    | AttributeRule
    | AttributeTagger
    | BertExtractive
    | Checker
    | Constant
    | Cosine
    | CosineCompare
    | ExtractiveSummary
    | HeadLemma
    | LeadSentences
    | Logistic
    | MentionsEmbedding
    | PairAligner
    | RandomSentences
    | SameStory
    | Singletons
    | SpacyVerbs
    | StanceModel
    | StoriesCosine
    | StoriesTfidf
    | Summa
    | Sumy
    | SupportCosine
    | SupportTfidf
    | Tfidf
    | TfidfLogistic
    | WholeStory,
    Field(discriminator="kind"),
]

__all__ = [
    "Adapted",
    "AnySystem",
    "AttributeConstant",
    "AttributeRule",
    "AttributeTagger",
    "BertExtractive",
    "Checker",
    "Constant",
    "Cosine",
    "CosineCompare",
    "ExtractiveSummary",
    "HeadLemma",
    "LeadSentences",
    "Logistic",
    "MentionsEmbedding",
    "PairAligner",
    "RandomSentences",
    "SameStory",
    "Singletons",
    "SpacyVerbs",
    "StanceModel",
    "StoriesCosine",
    "StoriesTfidf",
    "Summa",
    "Sumy",
    "SupportCosine",
    "SupportTfidf",
    "Tfidf",
    "TfidfLogistic",
    "WholeStory",
]
