"""The tasks that a config can name, by `kind`. A new one is a file here, its import, and its line in the union."""

from typing import Annotated

from pydantic import Field

from eval.tasks.babe import Babe
from eval.tasks.basil import Basil
from eval.tasks.bench_llm_summ import BenchLlmSumm
from eval.tasks.claimdiff import ClaimDiff
from eval.tasks.ecbplus import EcbPlus
from eval.tasks.ecbplus_stories import EcbPlusStories
from eval.tasks.framediff import FrameDiff
from eval.tasks.framediff_open import FrameDiffOpen
from eval.tasks.gvc import Gvc
from eval.tasks.multi_news_plus import MultiNewsPlus
from eval.tasks.nanco import NAnCo
from eval.tasks.neus import Neus
from eval.tasks.newsmtsc import Newsmtsc
from eval.tasks.newswcl50 import Newswcl50
from eval.tasks.nulls import Nulls
from eval.tasks.polnear import Polnear
from eval.tasks.seesaw import Seesaw
from eval.tasks.summac_bench import SummaCBench
from eval.tasks.summedits import SummEdits
from eval.tasks.summeval import SummEval
from eval.tasks.superpal import SuperPal
from eval.tasks.wice import WiCE

AnyTask = Annotated[
    Babe
    | Basil
    | BenchLlmSumm
    | ClaimDiff
    | EcbPlus
    | EcbPlusStories
    | FrameDiff
    | FrameDiffOpen
    | Gvc
    | MultiNewsPlus
    | NAnCo
    | Neus
    | Newsmtsc
    | Newswcl50
    | Nulls
    | Polnear
    | Seesaw
    | SummEdits
    | SummEval
    | SummaCBench
    | SuperPal
    | WiCE,
    Field(discriminator="kind"),
]

__all__ = [
    "AnyTask",
    "Babe",
    "Basil",
    "BenchLlmSumm",
    "ClaimDiff",
    "EcbPlus",
    "EcbPlusStories",
    "FrameDiff",
    "FrameDiffOpen",
    "Gvc",
    "MultiNewsPlus",
    "NAnCo",
    "Neus",
    "Newsmtsc",
    "Newswcl50",
    "Nulls",
    "Polnear",
    "Seesaw",
    "SummEdits",
    "SummEval",
    "SummaCBench",
    "SuperPal",
    "WiCE",
]
