"""Random draws as functions of (key, stream, month, row): Philox4x32-10.

A draw is addressed, never sequenced: the same decision of the same agent in the same month gets the same number whatever
else is simulated, in whatever order, by however many workers. That is what makes two policies comparable citizen by
citizen (common random numbers).

Source: Salmon, Moraes, Dror & Shaw 2011, Parallel random numbers: as easy as 1, 2, 3 (doi 10.1145/2063384.2063405).
"""

from enum import IntEnum

import numpy as np

from model.compiled import compiled


class Stream(IntEnum):
    """The decision a draw belongs to. Append, never renumber: a number is part of every result."""

    OFFICE_START = 2
    OFFICE_CAPACITY_START = 3
    LEADER_START = 4
    LEADER_TRAITS = 5
    SERVANT_START = 6
    SERVANT_CONTACTS = 7
    CITIZEN_START = 8
    LEADER_MONTH = 11
    OFFICE_PROJECT = 12
    DEMAND = 13
    COUNTER = 14
    SERVANT_MONTH = 15
    SERVANT_REPLACEMENT = 16
    CITIZEN_MONTH = 17
    CITIZEN_CASE = 18
    CITIZEN_CONTACTS = 19
    CITIZEN_FATE = 20
    CITIZEN_VOICE = 21
    FAULT = 22


_MULTIPLIER_0 = np.uint64(0xD2511F53)
_MULTIPLIER_1 = np.uint64(0xCD9E8D57)
_WEYL_0 = np.uint64(0x9E3779B9)
_WEYL_1 = np.uint64(0xBB67AE85)
_LOW = np.uint64(0xFFFFFFFF)
_SHIFT = np.uint64(32)
_SCALE = 2.0**-32


def make_key(seed, replicate):
    """Return the 64-bit key of one run: the seed in the upper, the replicate in the lower 32 bits."""
    if not (0 <= seed < 2**32 and 0 <= replicate < 2**32):
        raise ValueError(f"seed and replicate must be 0..4294967295, got {seed} and {replicate}")
    return np.uint64((int(seed) << 32) | int(replicate))


@compiled
def philox4x32(counter_0, counter_1, counter_2, counter_3, key_0, key_1):
    """Return the four 32-bit words (as uint64) of Philox4x32-10 for one counter and key.

    Ten rounds of multiply, swap and exclusive-or. Checked against the known answers published with Random123.
    """
    for _ in range(10):
        product_0 = _MULTIPLIER_0 * counter_0
        product_1 = _MULTIPLIER_1 * counter_2
        next_0 = (product_1 >> _SHIFT) ^ counter_1 ^ key_0
        next_2 = (product_0 >> _SHIFT) ^ counter_3 ^ key_1
        counter_1 = product_1 & _LOW
        counter_3 = product_0 & _LOW
        counter_0 = next_0
        counter_2 = next_2
        key_0 = (key_0 + _WEYL_0) & _LOW
        key_1 = (key_1 + _WEYL_1) & _LOW
    return counter_0, counter_1, counter_2, counter_3


@compiled
def uniform4(key, stream, month, row):
    """Return four independent draws, uniform on (0, 1), never 0 and never 1.

    `key` is the run (uint64 of `make_key`), `stream` a `Stream`, `row` the agent's lasting id (not its place in an array).
    """
    words = philox4x32(
        np.uint64(row),
        np.uint64(month),
        np.uint64(stream),
        np.uint64(0),
        np.uint64(key) >> _SHIFT,
        np.uint64(key) & _LOW,
    )
    return (
        (np.float64(words[0]) + 0.5) * _SCALE,
        (np.float64(words[1]) + 0.5) * _SCALE,
        (np.float64(words[2]) + 0.5) * _SCALE,
        (np.float64(words[3]) + 0.5) * _SCALE,
    )
