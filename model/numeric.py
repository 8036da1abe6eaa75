"""Elementary functions with the same bits on every machine, and a few shapes the rules share.

Only + - * / sqrt and comparisons are used, which IEEE 754 fixes to the last bit; the exponentials of system libraries
differ between machines. Maximum errors are stated per function and tested.
"""

import math

import numpy as np

from model.compiled import compiled

_STEPS = 16  # the unit of exp's table: powers of 2**(1/16)
_LOG_2 = 0.6931471805599453
_STEP = _LOG_2 / _STEPS
_OFFSET = 1000 * _STEPS


def _power_table():
    """Return 2**(j/16) for j from -16000 to 16000, from exact powers of two and repeated square roots."""
    root = math.sqrt(math.sqrt(math.sqrt(math.sqrt(2.0))))
    fractions = [1.0]
    for _ in range(_STEPS - 1):
        fractions.append(fractions[-1] * root)
    return np.array([math.ldexp(fractions[j % _STEPS], j // _STEPS) for j in range(-_OFFSET, _OFFSET + 1)])


_POWERS = _power_table()


@compiled
def exp(x):
    """Return e**x; relative error below 1e-12 for |x| <= 690, beyond which x is cut."""
    x = min(690.0, max(-690.0, x))
    steps = int(math.floor(x / _STEP + 0.5))
    rest = x - steps * _STEP
    series = 1.0 + rest * (1.0 + rest * (0.5 + rest * (1.0 / 6.0 + rest * (1.0 / 24.0 + rest / 120.0))))
    return _POWERS[steps + _OFFSET] * series


@compiled
def log(x):
    """Return the natural logarithm of x > 0; absolute error below 1e-13."""
    mantissa, exponent = math.frexp(x)
    if mantissa < 0.7071067811865476:
        mantissa *= 2.0
        exponent -= 1
    s = (mantissa - 1.0) / (mantissa + 1.0)
    square = s * s
    series = 0.0
    for odd in range(21, 0, -2):
        series = series * square + 1.0 / odd
    return 2.0 * s * series + exponent * _LOG_2


@compiled
def logistic(x):
    """Return 1 / (1 + exp(-x))."""
    return 1.0 / (1.0 + exp(-x))


@compiled
def power(base, exponent):
    """Return base**exponent for base > 0."""
    return exp(exponent * log(base))


@compiled
def clip(x):
    """Return x cut to [0, 1]."""
    return min(1.0, max(0.0, x))


@compiled
def normal_quantile(u):
    """Return the standard normal quantile of u in (0, 1).

    Source: Acklam's rational approximation, relative error below 1.2e-9.
    """
    if u < 0.02425 or u > 0.97575:
        q = math.sqrt(-2.0 * log(min(u, 1.0 - u)))
        top = -7.784894002430293e-03 * q - 3.223964580411365e-01
        top = ((top * q - 2.400758277161838) * q - 2.549732539343734) * q + 4.374664141464968
        top = top * q + 2.938163982698783
        low = ((7.784695709041462e-03 * q + 3.224671290700398e-01) * q + 2.445134137142996) * q + 3.754408661907416
        tail = top / (low * q + 1.0)
        return tail if u < 0.5 else -tail
    q = u - 0.5
    r = q * q
    top = (-3.969683028665376e01 * r + 2.209460984245205e02) * r - 2.759285104469687e02
    top = ((top * r + 1.383577518672690e02) * r - 3.066479806614716e01) * r + 2.506628277459239
    low = (-5.447609879822406e01 * r + 1.615858368580409e02) * r - 1.556989798598866e02
    low = ((low * r + 6.680131188771972e01) * r - 1.328068155288572e01) * r + 1.0
    return top * q / low


@compiled
def beta_quantiles(mean, deviation, points):
    """Return `points` + 1 quantiles (at 0, 1/points, ..., 1) of the Beta law with this mean and standard deviation.

    The density is summed over 8192 midpoints. A deviation that no Beta law with this mean can have is narrowed (to a
    concentration of 0.5); a deviation of zero gives the mean itself.
    """
    table = np.full(points + 1, mean)
    if deviation <= 0.0 or mean <= 0.0 or mean >= 1.0:
        return table
    concentration = max(mean * (1.0 - mean) / (deviation * deviation) - 1.0, 0.5)
    shape_0, shape_1 = mean * concentration, (1.0 - mean) * concentration
    cells = 8192
    cumulated = np.zeros(cells + 1)
    highest = -1e300
    logs = np.empty(cells)
    for cell in range(cells):
        x = (cell + 0.5) / cells
        logs[cell] = (shape_0 - 1.0) * log(x) + (shape_1 - 1.0) * log(1.0 - x)
        highest = max(highest, logs[cell])
    for cell in range(cells):
        cumulated[cell + 1] = cumulated[cell] + exp(logs[cell] - highest)
    cell = 0
    for point in range(points + 1):
        target = cumulated[cells] * point / points
        while cell < cells - 1 and cumulated[cell + 1] < target:
            cell += 1
        width = cumulated[cell + 1] - cumulated[cell]
        part = (target - cumulated[cell]) / width if width > 0.0 else 0.0
        table[point] = (cell + min(1.0, max(0.0, part))) / cells
    return table


@compiled
def quantile(table, u):
    """Return the quantile at u in (0, 1) of a table made by `beta_quantiles`, linear between its points."""
    place = u * (table.size - 1)
    below = min(int(place), table.size - 2)
    return table[below] + (place - below) * (table[below + 1] - table[below])


@compiled
def radical_inverse(index):
    """Return the base-2 van der Corput point of `index`: a sequence whose first n points fill [0, 1) evenly for every n.

    Source: van der Corput 1935; used so that each office's yearly needs are spread evenly over its sampled citizens.
    """
    result = 0.0
    fraction = 0.5
    while index > 0:
        result += fraction * (index & 1)
        index >>= 1
        fraction *= 0.5
    return result


@compiled
def poisson_quantile(u, mean):
    """Return the Poisson quantile of u in (0, 1), at most 50, by summing probabilities; for means up to about 10."""
    chance = exp(-mean)
    total, count = chance, 0
    while u > total and count < 50:
        count += 1
        chance *= mean / count
        total += chance
    return count
