"""Each answer of the warm-up benchmark again, computed from the statement as literally as possible."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import combinations_with_replacement, pairwise, product


def lowest_terms_sum(value: Fraction) -> int:
    return value.numerator + value.denominator


def count(values: Iterable[bool]) -> int:
    return sum(values)


def divisible_by_6_but_not_by_4() -> int:
    return count(n % 6 == 0 and n % 4 != 0 for n in range(1, 200))


def largest_sum_of_a_pair() -> int:
    return max(a + 540 // a for a in range(1, 541) if 540 % a == 0 and math.gcd(a, 540 // a) == 6)


def exactly_one_game() -> int:
    possible = {40 - both for both in range(41) if 27 + 22 - both == 40}
    (only,) = possible
    return only


def increasing_digits_with_sum_15() -> int:
    return count(a < b < c and a + b + c == 15 for a, b, c in product(range(1, 10), range(10), range(10)))


def largest_angle_of_a_pentagon() -> int:
    (difference,) = (d for d in range(1, 100) if sum(84 + k * d for k in range(5)) == 540)
    return 84 + 4 * difference


def last_two_digits_of_a_power() -> int:
    return 7**2026 % 100


def largest_roll_is_four() -> int:
    rolls = list(product(range(1, 7), repeat=3))
    return lowest_terms_sum(Fraction(count(max(roll) == 4 for roll in rolls), len(rolls)))


def odd_summands_of_21() -> int:
    return count(sum(parts) == 21 for parts in combinations_with_replacement(range(1, 22, 2), 3))


def area_of_a_trapezoid() -> int:
    # corners (0, 0), (24, 0), (x + 10, h), (x, h): the legs fix x and h
    areas: set[int] = {
        (10 + 24) * h // 2
        for x in range(25)
        for h in range(1, 25)
        if x * x + h * h == 13**2 and (24 - x - 10) ** 2 + h * h == 15**2
    }
    (area,) = areas
    return area


def differences_of_squares() -> int:
    values = {a * a - b * b for a in range(252) for b in range(a)}
    return count(value <= 500 for value in values)


def strings_without_multiples_of_three() -> int:
    return count(all(sum(digits[i : i + 3]) % 3 != 0 for i in range(6)) for digits in product((1, 2, 3), repeat=8))


def multiples_of_91() -> int:
    return count((n * n + n + 1) % 91 == 0 for n in range(1, 1001))


def ratio_on_a_side() -> int:
    # B = (0, 0), C = (14, 0), A = (5, 12); the circle has its centre (7, r) and passes through A
    r = Fraction(2**2 + 12**2, 2 * 12)
    # P = t·A with t ≠ 1 on the circle: |tA - (7, r)|² = r² is quadratic in t, the product of its roots is 49/169
    t = Fraction(49, 169)
    assert (5 * t - 7) ** 2 + (12 * t - r) ** 2 == r**2
    assert (5 - 7) ** 2 + (12 - r) ** 2 == r**2
    return lowest_terms_sum((1 - t) / t)


def sum_of_fourth_powers() -> int:
    companion = [[5, -3, 7], [1, 0, 0], [0, 1, 0]]  # its eigenvalues are the roots

    def times(a: Sequence[Sequence[int]], b: Sequence[Sequence[int]]) -> list[list[int]]:
        return [[sum(a[i][k] * b[k][j] for k in range(3)) for j in range(3)] for i in range(3)]

    square = times(companion, companion)
    fourth = times(square, square)
    return sum(fourth[i][i] for i in range(3))


def frog_sees_every_vertex() -> int:
    walks = list(product((-1, 1), repeat=9))
    complete = 0
    for walk in walks:
        position, seen = 0, {0}
        for step in walk:
            position = (position + step) % 8
            seen.add(position)
        complete += len(seen) == 8
    return lowest_terms_sum(Fraction(complete, len(walks)))


def subsets_without_difference_three() -> int:
    return count(chosen & (chosen >> 3) == 0 for chosen in range(1 << 13))


def triples_with_lcm_60_and_gcd_1() -> int:
    divisors = [d for d in range(1, 61) if 60 % d == 0]
    return count(math.lcm(*triple) == 60 and math.gcd(*triple) == 1 for triple in product(divisors, repeat=3))


def floors_that_miss_by_two() -> int:
    # n/2 + n/3 + n/7 = n - n/42 and the floors lose less than 3 together: nothing beyond 84 can fall short by just 2
    return count(n // 2 + n // 3 + n // 7 == n - 2 for n in range(1, 1000))


def paths_with_five_turns() -> int:
    found = 0
    for path in product("RU", repeat=12):
        if path.count("R") != 6 or sum(a != b for a, b in pairwise(path)) != 5:
            continue
        found += path[:6].count("R") != 3  # only after six steps could it be at (3, 3)
    return found


def denominators_with_period_six() -> int:
    def period(n: int) -> int:
        return next(k for k in range(1, 8) if k == 7 or (10**k - 1) % n == 0)

    return count(math.gcd(n, 10) == 1 and period(n) == 6 for n in range(1, 10**6))


ANSWERS: dict[str, Callable[[], int]] = {
    "warmup-01": lambda: 5 + 8,
    "warmup-02": lambda: 32 - 7 + 5,
    "warmup-03": lambda: 6 * 8,
    "warmup-04": lambda: sum(12 for _ in range(5)),
    "warmup-05": lambda: next(length for length in range(21) if 4 * length == 20),
    "warmup-06": lambda: 30 - 7 * 3,
    "warmup-07": lambda: 4 * 10 + 6,
    "warmup-08": lambda: 4 * 10,
    "warmup-09": lambda: 18 + 2 * 18,
    "warmup-10": lambda: 9 + 7 + 9 + 7,
    "warmup-11": divisible_by_6_but_not_by_4,
    "warmup-12": largest_sum_of_a_pair,
    "warmup-13": exactly_one_game,
    "warmup-14": increasing_digits_with_sum_15,
    "warmup-15": largest_angle_of_a_pentagon,
    "warmup-16": last_two_digits_of_a_power,
    "warmup-17": largest_roll_is_four,
    "warmup-18": odd_summands_of_21,
    "warmup-19": area_of_a_trapezoid,
    "warmup-20": differences_of_squares,
    "warmup-21": strings_without_multiples_of_three,
    "warmup-22": multiples_of_91,
    "warmup-23": ratio_on_a_side,
    "warmup-24": sum_of_fourth_powers,
    "warmup-25": frog_sees_every_vertex,
    "warmup-26": subsets_without_difference_three,
    "warmup-27": triples_with_lcm_60_and_gcd_1,
    "warmup-28": floors_that_miss_by_two,
    "warmup-29": paths_with_five_turns,
    "warmup-30": denominators_with_period_six,
}
