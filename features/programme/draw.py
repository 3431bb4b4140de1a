"""The draw: stratified permuted blocks of varied size, replayed by whoever has the seed.

The algorithm, for an outsider to write again in any language. `h(...)` is the SHA-256, in
hexadecimal, of the parts joined by `|` in UTF-8.

1. Block b (0, 1, ...) of a stratum has the size `sizes[int(h(seed, code, stratum, b, "size"), 16)
   mod len(sizes)]`, `sizes` being `block_sizes` of the plan in its order and `code` its code.
2. Its slots are numbered from 0; the first ones are supported, in the ratio of the arms, the rest
   comparison. Sorted by `h(seed, code, stratum, b, slot)`, they are the arms of the block in order.
3. The k-th person entered into a stratum takes the k-th arm of its blocks laid end to end.

No generator of a library is involved, so that the allocation outlives every version. Source:
Matts and Lachin (1988), Properties of permuted-block randomization in clinical trials.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from features.common.errors import ConflictError, InputError
from features.programme.plan import Programme

SUPPORTED, COMPARISON = "supported", "comparison"
SHORTEST_SEED = 16


@dataclass(frozen=True)
class Assignment:
    """One line of the log: who was entered where, as which of the stratum, and the arm."""

    person_id: str
    contract_id: str
    stratum: str
    position: int
    arm: str
    drawn_on: date
    plan_hash: str


def commitment(seed: str) -> str:
    """Return what can be published before the draw to prove that the seed did not change."""
    return hashlib.sha256(seed.encode()).hexdigest()


def arm_at(plan: Programme, *, seed: str, stratum: str, position: int) -> str:
    """Return the arm of the person entered as number `position` (from 0) of a stratum.

    Raises InputError for a programme without a draw, or a seed too short to be secret.
    """
    return next(islice(_arms(plan, seed, stratum), position, None))


def assign(
    log: Sequence[Assignment],
    *,
    plan: Programme,
    seed: str,
    person_id: str,
    contract_id: str,
    stratum: str,
    drawn_on: date,
) -> Assignment:
    """Return the next line of the log for this person.

    Raises ConflictError when the person was drawn before (nobody is drawn twice) or when as many
    persons were drawn as the plan wants; InputError as `arm_at`.
    """
    if any(line.person_id == person_id for line in log):
        raise ConflictError(f"draw: expected a person not drawn before, got {person_id} again")
    if is_closed(log, plan=plan):
        raise ConflictError(f"draw: expected at most {plan.arms.total} persons, all were drawn")
    position = sum(line.stratum == stratum for line in log)
    arm = arm_at(plan, seed=seed, stratum=stratum, position=position)
    return Assignment(person_id, contract_id, stratum, position, arm, drawn_on, plan.hash)


def is_closed(log: Sequence[Assignment], *, plan: Programme) -> bool:
    """Return whether as many persons were drawn as the plan wants."""
    return len(log) >= plan.arms.total


def disagreements(
    log: Sequence[Assignment], *, plan: Programme, seed: str
) -> tuple[Assignment, ...]:
    """Return the lines of a log, in its order, that the seed does not give.

    A line is wrong when its arm is not that of its position, or when its position is not the next
    of its stratum; a person who comes again is wrong too. An honest log has none.
    """
    streams: dict[str, Iterator[tuple[int, str]]] = {}
    persons: set[str] = set()
    wrong = []
    for line in log:
        stream = streams.setdefault(line.stratum, enumerate(_arms(plan, seed, line.stratum)))
        if (line.position, line.arm) != next(stream) or line.person_id in persons:
            wrong.append(line)
        persons.add(line.person_id)
    return tuple(wrong)


def _arms(plan: Programme, seed: str, stratum: str) -> Iterator[str]:
    """Yield the arms of a stratum, block after block, without end."""
    if plan.draw is None:
        raise InputError(f"draw: expected a randomised programme, got {plan.code}, {plan.design}")
    if len(seed) < SHORTEST_SEED:
        raise InputError(f"draw: expected a seed of {SHORTEST_SEED} characters or more")
    block = 0
    while True:
        key = f"{seed}|{plan.code}|{stratum}|{block}"
        sizes = plan.draw.block_sizes
        yield from _block(key, sizes[int(_hash(key, "size"), 16) % len(sizes)], plan.arms.ratio)
        block += 1


def _block(key: str, size: int, ratio: tuple[int, int]) -> list[str]:
    supported = size * ratio[0] // sum(ratio)
    slots = sorted(range(size), key=lambda slot: _hash(key, str(slot)))
    return [SUPPORTED if slot < supported else COMPARISON for slot in slots]


def _hash(key: str, part: str) -> str:
    return hashlib.sha256(f"{key}|{part}".encode()).hexdigest()
