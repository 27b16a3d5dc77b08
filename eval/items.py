"""The items of pair tasks with their labels as plain rows: what the aligner's recipe trains on."""

from collections.abc import Iterator
from typing import Any

import numpy as np

from eval.config import EvalConfig
from toolkit.errors import ConfigError


def labelled_pairs(config: EvalConfig) -> Iterator[dict[str, Any]]:
    """One row an item: task, id, documents, pairs (two places each) and labels (0 or 1 a pair).

    Raises:
        ConfigError: If a task is not of the family of pairs.
    """
    for task in config.tasks:
        if task.family != "pairs":
            raise ConfigError(f"{task.name} is of the family {task.family!r}; only those of 'pairs' have labels a pair")
        for item in task.items(task.load(config.root)):
            labels = np.asarray(item.gold["labels"], dtype=np.int64).reshape(-1).tolist()
            yield {"task": task.name, "id": str(item.id), **item.data, "labels": labels}
