"""Summaries of one article, each sentence with its evidence."""

from toolkit.summarize.extractive import Extractive, Lead, Summarizer

__all__ = ["Extractive", "Lead", "Summarizer"]
