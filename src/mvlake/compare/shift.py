"""Shift: the word for what a measure of drift says: none, slight or strong.

The thresholds of the population stability index are those of credit scoring (Siddiqi 2006): below 0.1 nothing, from 0.25 on much.
Those of the distances are the ones that a normal distribution reaches whose mean moves until its index is 0.1 and 0.25, which is
by 0.316 and 0.5 deviations. Shares are judged by Cohen's h: from 0.2 on a small effect, from 0.5 on a medium one (Cohen 1988).
What is no more than chance makes of one distribution is no shift.
"""

from mvlake.compare.distribution import Shift
from mvlake.compare.drift import JS, KS, PSI

SLIGHT_AND_STRONG = {PSI: (0.1, 0.25), KS: (0.126, 0.197), JS: (0.133, 0.209)}
RATES = (0.2, 0.5)
"""Of Cohen's h, by which changes of rates are judged."""


def shift_of(value: float, thresholds: tuple[float, float], *, is_chance: bool) -> Shift:
    """Return the word for a value.

    >>> shift_of(0.3, SLIGHT_AND_STRONG[PSI], is_chance=False), shift_of(0.3, SLIGHT_AND_STRONG[PSI], is_chance=True)
    (<Shift.STRONG: 'strong'>, <Shift.NONE: 'none'>)
    """
    slight, strong = thresholds
    if is_chance or value < slight:
        return Shift.NONE
    return Shift.STRONG if value >= strong else Shift.SLIGHT
