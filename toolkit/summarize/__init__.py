"""Summaries of one article, each sentence with its evidence."""

from toolkit.summarize.base import Summarizer
from toolkit.summarize.extractive import Extractive, Lead
from toolkit.summarize.generative import Causal, Seq2Seq
from toolkit.summarize.grounding import Grounding

__all__ = ["Causal", "Extractive", "Grounding", "Lead", "Seq2Seq", "Summarizer"]
