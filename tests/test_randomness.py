"""Draws: known answers, addresses, uniformity."""

import numpy as np
import pytest

from model.randomness import Stream, make_key, philox4x32, uniform4

# Random123 1.09, tests/kat_vectors, philox4x32 with 10 rounds: counter, key, answer.
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN)
def test_philox_gives_the_published_answers(counter, key, answer):
    words = philox4x32(*(np.uint64(part) for part in counter), *(np.uint64(part) for part in key))
    assert tuple(int(word) for word in words) == answer


def test_a_draw_depends_on_every_part_of_its_address():
    base = uniform4(make_key(1, 2), Stream.DEMAND, 3, 4)
    others = [
        uniform4(make_key(2, 2), Stream.DEMAND, 3, 4),
        uniform4(make_key(1, 3), Stream.DEMAND, 3, 4),
        uniform4(make_key(1, 2), Stream.COUNTER, 3, 4),
        uniform4(make_key(1, 2), Stream.DEMAND, 4, 4),
        uniform4(make_key(1, 2), Stream.DEMAND, 3, 5),
    ]
    assert base == uniform4(make_key(1, 2), Stream.DEMAND, 3, 4)
    assert all(not set(base) & set(other) for other in others)


def test_draws_are_uniform_within_five_standard_errors():
    draws = np.array([uniform4(make_key(7, 0), Stream.CITIZEN_MONTH, month, 11) for month in range(20_000)]).ravel()
    assert draws.min() > 0.0 and draws.max() < 1.0
    assert abs(draws.mean() - 0.5) < 5 * np.sqrt(1 / 12 / draws.size)
    expected = draws.size / 20
    counts = np.bincount((draws * 20).astype(int), minlength=20)
    chi_square = ((counts - expected) ** 2 / expected).sum()
    assert chi_square < 19 + 5 * np.sqrt(2 * 19)


def test_stream_numbers_are_never_reused():
    assert len({int(stream) for stream in Stream}) == len(Stream.__members__)


@pytest.mark.parametrize(("seed", "replicate"), [(-1, 0), (0, -1), (2**32, 0), (0, 2**32)])
def test_keys_outside_32_bits_are_refused(seed, replicate):
    with pytest.raises(ValueError, match="4294967295"):
        make_key(seed, replicate)


def test_keys_are_distinct():
    keys = {int(make_key(seed, replicate)) for seed in (0, 1, 2**32 - 1) for replicate in (0, 1, 2, 2**32 - 1)}
    assert len(keys) == 12
