"""Columns of any trial's table as numbers, arms and categories, however they were written."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from features.common.errors import InputError
from training.effect.estimators.estimate import Flags, Floats

MISSING = {"", "na", "n/a", "nan", "null", "none", ".", "?", "missing", "unknown", "inconnu"}
YES = {"yes", "y", "true", "t", "oui", "o", "1", "event", "dead", "died", "death", "success"}
YES |= {"rupture", "failure", "relapse", "case", "employed", "improved", "cured", "positive"}
NO = {"no", "n", "false", "f", "non", "0", "none", "alive", "censored", "control", "negative"}
CONTROL = (
    *("control", "contrôle", "placebo", "comparison", "comparaison", "témoin", "temoin"),
    *("standard", "usual", "untreated", "no treatment", "sham", "reference", "none"),
)


class Arms(NamedTuple):
    """Who is treated among the rows compared, what the arms are called, and what was left out."""

    treated: Flags
    in_arms: Flags
    names: tuple[str, str]  # treated, compared
    without: int
    others: int
    guessed: bool


class Values(NamedTuple):
    """An outcome as numbers; `event` is what counts as 1 where there were words or other codes."""

    values: Floats
    event: str | None
    guessed: bool


def column(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return a column by name, or by its name but for case and spaces; else raise InputError."""
    if name in frame:
        return frame[name]
    alike = [n for n in frame if str(n).strip().lower() == name.strip().lower()]
    if len(alike) == 1:
        return frame[alike[0]]
    there = ", ".join(map(str, frame.columns[:30]))
    raise InputError(f"table: expected a column {name}, got {there}")


def words(values: pd.Series) -> pd.Series:
    """Return trimmed text, missing where the cell is empty or a word for it; 1.0 is written 1."""
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.map({True: "1", False: "0"}).astype("str")
    if pd.api.types.is_numeric_dtype(values.dtype):
        return values.map(lambda v: f"{v:.15g}", na_action="ignore").astype("str")
    text = values.astype("str").str.strip()
    return text.where(values.notna() & ~text.str.lower().isin(MISSING))


def numbers(values: pd.Series) -> pd.Series | None:
    """Return numbers, NaN where missing; None when a value is not one. `3,5` is read as 3.5."""
    text = words(values)
    found = pd.to_numeric(text.str.replace(",", ".", regex=False), errors="coerce")
    return None if (found.isna() & text.notna()).any() else found.astype("float64")


def read_arms(values: pd.Series, *, treated: str | None, control: str | None, name: str) -> Arms:
    """Return the two arms of a column.

    With both named, rows of other arms are left out and counted. Otherwise there must be two, and
    the treated one is the one named, the larger number, the one that is not called control, placebo
    or the like, or the last in alphabetical order; `guessed` says that a rule and no name decided.
    Raises InputError for one arm, for more than two, and for a name that no row has.
    """
    text = words(values)
    found = sorted(text.dropna().unique(), key=_natural)
    for wanted in (treated, control):
        if wanted is not None and wanted not in found:
            raise InputError(f"{name}: expected an arm {wanted}, got {_listing(found)}")
    if treated is None or control is None:
        if len(found) != 2:
            raise InputError(
                f"{name}: expected two arms, got {len(found)} ({_listing(found)}); name the two to "
                "compare with --treated and --control"
            )
        one, guessed = (treated, False) if treated is not None else _treated(found, control)
        treated, control = one, next(arm for arm in found if arm != one)
    else:
        guessed = False
    in_arms = text.isin([treated, control]).to_numpy()
    without = int(text.isna().sum())
    others = int((~in_arms).sum()) - without
    return Arms(
        text.eq(treated).to_numpy()[in_arms], in_arms, (treated, control), without, others, guessed
    )


def read_outcome(values: pd.Series, *, event: str | None, name: str) -> Values:
    """Return an outcome: 0 and 1 for two values, else the numbers themselves.

    Of two values the event is the one named, 1 beside 0, the larger number, the word for yes, the
    one that is not for no, or the last in alphabetical order; `guessed` is as in `read_arms`.
    Raises InputError for words of more than two kinds, for a single value, and for an event that no
    row has.
    """
    text = words(values)
    found = sorted(text.dropna().unique(), key=_natural)
    if event is not None and event not in found:
        raise InputError(f"{name}: expected a value {event}, got {_listing(found)}")
    numeric = numbers(values)
    if not found or (len(found) == 1 and found[0].lower() not in YES | NO and event is None):
        raise InputError(f"{name}: expected an outcome that varies, got {_listing(found)}")
    if event is None and len(found) > 2:
        if numeric is None:
            raise InputError(
                f"{name}: expected numbers or two values, got {len(found)} ({_listing(found)}); "
                "name the one that counts with --event"
            )
        return Values(_floats(numeric), None, guessed=False)
    chosen, guessed = (event, False) if event is not None else _event(found)
    made = text.eq(chosen).astype("float64").where(text.notna())
    return Values(_floats(made), chosen, guessed)


def _floats(values: pd.Series) -> Floats:
    made: Floats = np.empty(len(values))
    made[:] = values
    return made


def _treated(found: list[str], control: str | None) -> tuple[str, bool]:
    if control is not None:
        return next(arm for arm in found if arm != control), False
    if _numeric(found):
        return found[-1], found != ["0", "1"]
    compared = [arm for arm in found if arm.lower().startswith(CONTROL) or arm.lower() in NO]
    if len(compared) == 1:
        return next(arm for arm in found if arm not in compared), False
    return found[-1], True


def _event(found: list[str]) -> tuple[str, bool]:
    if _numeric(found):
        return ("1", False) if set(found) <= {"0", "1"} else (found[-1], True)
    yes = [value for value in found if value.lower() in YES]
    no = [value for value in found if value.lower() in NO]
    if len(yes) == 1:
        return yes[0], False
    if len(no) == 1:
        return next((value for value in found if value not in no), "1"), False
    return found[-1], True


def _numeric(found: list[str]) -> bool:
    return all(np.isfinite(pd.to_numeric(value, errors="coerce")) for value in found)


def _natural(value: str) -> tuple[float, str]:
    """Numbers by size before words by letter."""
    number = pd.to_numeric(value, errors="coerce")
    return (float(number), "") if np.isfinite(number) else (np.inf, value)


def _listing(found: list[str]) -> str:
    """A few values of a column of codes; a column of names is not quoted."""
    if len(found) > 12:
        return f"{len(found)} different values"
    return ", ".join(found) or "no value"
