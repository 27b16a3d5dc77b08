"""The interval of a share, one for every report."""

from math import nan, sqrt
from typing import Final

_Z: Final = 1.959963984540054  # the 97.5 % point of the normal distribution


def wilson(successes: float, *, n: int) -> tuple[float, float]:
    """The 95 % score interval of a share (Wilson 1927, J. Am. Stat. Assoc. 22); NaN where n is 0."""
    if not n:
        return nan, nan
    share, z2 = successes / n, _Z**2
    centre, half = share + z2 / (2 * n), _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    return max((centre - half) / (1 + z2 / n), 0.0), min((centre + half) / (1 + z2 / n), 1.0)
