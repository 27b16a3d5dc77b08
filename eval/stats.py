"""Intervals and tests over a task's own unit: bootstrap percentiles, paired bootstrap, Holm's correction."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from eval.types import Unit

Measure = Callable[[Sequence[Unit]], Mapping[str, float]]


@dataclass(frozen=True)
class Estimate:
    """A metric with its 95 % interval.

    Args:
        value: Over all units; NaN where it is not defined.
        low: 2.5 % percentile over resamples of the units.
        high: 97.5 % percentile.
        n: Number of units.
    """

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class PairedTest:
    """Difference of two systems on the same units.

    Args:
        difference: First minus second.
        low: 2.5 % percentile over resamples.
        high: 97.5 % percentile.
        p: Two-sided bootstrap p-value, at least 1 / rounds.
        n: Number of units that both have.
    """

    difference: float
    low: float
    high: float
    p: float
    n: int


def resamples(n: int, *, rounds: int, seed: int) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
    """Indices of units drawn with replacement, shape (rounds, n); the same for the same n, rounds and seed."""
    return np.random.default_rng(seed).integers(0, n, size=(rounds, n))


def estimates(units: Sequence[Unit], measure: Measure, *, rounds: int = 1000, seed: int = 0) -> dict[str, Estimate]:
    """Every metric of `measure` with a percentile bootstrap interval (Efron & Tibshirani 1993, ch. 13)."""
    if not units:
        return {}
    ordered = sorted(units, key=lambda u: u.id)
    full = measure(ordered)
    drawn = [measure([ordered[i] for i in row]) for row in resamples(len(ordered), rounds=rounds, seed=seed)]
    out = {}
    for name, value in full.items():
        low, high = _interval([d[name] for d in drawn])
        out[name] = Estimate(float(value), low, high, len(ordered))
    return out


def paired(
    a: Sequence[Unit], b: Sequence[Unit], measure: Measure, *, metric: str, rounds: int = 1000, seed: int = 0
) -> PairedTest:
    """Paired bootstrap over the units that both systems have (Berg-Kirkpatrick et al. 2012, two-sided).

    Raises:
        ValueError: If they share no unit.
    """
    left, right = {u.id: u for u in a}, {u.id: u for u in b}
    shared = sorted(left.keys() & right.keys())
    if not shared:
        raise ValueError("the two systems share no unit to be compared on")

    def gap(ids: Sequence[str]) -> float:
        return measure([left[i] for i in ids])[metric] - measure([right[i] for i in ids])[metric]

    seen = gap(shared)
    drawn = np.array([gap([shared[i] for i in row]) for row in resamples(len(shared), rounds=rounds, seed=seed)])
    drawn = drawn[~np.isnan(drawn)]
    low, high = _interval(drawn)
    tail = min((drawn <= 0).mean(), (drawn >= 0).mean()) if len(drawn) else 1.0
    return PairedTest(float(seen), low, high, float(min(1.0, max(2 * tail, 1 / rounds))), len(shared))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's step-down adjusted p-values, in the order given (Holm 1979)."""
    order = np.argsort(p_values, kind="stable")
    adjusted, worst = [0.0] * len(p_values), 0.0
    for rank, i in enumerate(order):
        worst = max(worst, min(1.0, (len(p_values) - rank) * p_values[i]))
        adjusted[int(i)] = worst
    return adjusted


def _interval(values: Sequence[float] | np.ndarray) -> tuple[float, float]:
    known = np.asarray(values, dtype=np.float64)
    known = known[~np.isnan(known)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [0.025, 0.975])
    return float(low), float(high)
