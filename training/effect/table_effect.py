"""The effect in any table of a trial: one row per person, columns for arm and outcome."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from features.common.errors import InputError
from features.intake.formats.tabular import SUFFIXES, read_table
from training.effect import table_columns
from training.effect.covariates import Matrix, encode
from training.effect.curves import Times, describe_times
from training.effect.estimators.balance import standardised_differences
from training.effect.estimators.estimate import Flags, Floats, as_json
from training.effect.findings import Code, Finding, counted
from training.effect.programme_effect import FORMAT, outcome_findings
from training.effect.sample import Sample, describe

WHOLE = "all"


@dataclass(frozen=True)
class Columns:
    """Which columns hold what; `treated`, `control` and `event` are values of theirs."""

    outcome: str
    arm: str
    covariates: Sequence[str] = ()
    strata: Sequence[str] = ()
    time: str | None = None
    cluster: str | None = None
    treated: str | None = None
    control: str | None = None
    event: str | None = None


def read_trial(path: Path) -> pd.DataFrame:
    """Return the rows of a CSV, TSV, Excel, Parquet or NDJSON file. Raises InputError."""
    if not path.is_file():
        raise InputError(f"{path}: expected a file, got none of that name")
    if path.suffix not in (*SUFFIXES, ".tsv", ".txt"):
        raise InputError(f"{path.name}: expected {', '.join(SUFFIXES)} or .tsv, got {path.suffix}")
    if path.suffix in SUFFIXES:
        raw = read_table(path, table=path.stem)
        if len(raw.broken):
            raise InputError(
                f"{path.name}: expected rows of one width, got {len(raw.broken)} others"
            )
        frame = raw.frame
    else:
        frame = _tabbed(path)
    if frame.empty:
        raise InputError(f"{path.name}: expected rows, got an empty table")
    return frame


def table_effect(
    frame: pd.DataFrame, columns: Columns, *, level: float, source: str, digest: str
) -> dict[str, Any]:
    """Return the effect in a table, JSON-able, in the form a programme's has.

    Raises InputError for a column that is not there, arms that are not two, an outcome of words.
    """
    arms = table_columns.read_arms(
        table_columns.column(frame, columns.arm),
        treated=columns.treated,
        control=columns.control,
        name=columns.arm,
    )
    rows = frame[arms.in_arms].reset_index(drop=True)
    values = _outcome(rows, columns)
    facts = _facts(rows, columns.covariates)
    smaller = min(int(arms.treated.sum()), int((~arms.treated).sum()))
    matrix = encode(facts, smaller_arm=smaller, persons_per_column=4)  # the caller chose them
    sample = _sample(rows, values.values, arms.treated, matrix, columns)
    described = {
        "code": columns.outcome,
        "role": "primary",
        **describe(sample, level=level),
    }
    return as_json(
        {
            "format": FORMAT,
            "kind": "table",
            "title": {"fr": source, "en": source},
            "source": source,
            "digest": digest,
            "level": level,
            "columns": {name: value for name, value in vars(columns).items() if value},
            "arms": {"treated": arms.names[0], "control": arms.names[1]},
            "event": values.event,
            "findings": [
                f.as_dict()
                for f in (*_findings(arms, values, matrix, columns), *outcome_findings(described))
            ],
            "balance": _balance(facts, arms.treated),
            "outcomes": [described],
            "curves": _curves(rows, values, sample, columns, level),
        }
    )


def _outcome(rows: pd.DataFrame, columns: Columns) -> table_columns.Values:
    """The outcome; of a status with competing codes the event is 1 unless another is named."""
    values = table_columns.column(rows, columns.outcome)
    several = columns.time is not None and table_columns.words(values).nunique() > 2
    event = columns.event or ("1" if several else None)
    return table_columns.read_outcome(values, event=event, name=columns.outcome)


def _tabbed(path: Path) -> pd.DataFrame:
    try:
        return pd.read_csv(path, sep="\t", dtype="str", keep_default_na=False)
    except (ValueError, OSError) as error:
        raise InputError(f"{path.name}: expected tab-separated text, got something else") from error


def _sample(
    rows: pd.DataFrame, outcome: Floats, treated: Flags, matrix: Matrix, columns: Columns
) -> Sample:
    names, codes = np.unique(_strata(rows, columns.strata).to_numpy("str"), return_inverse=True)
    clusters = None
    if columns.cluster is not None:
        text = table_columns.words(table_columns.column(rows, columns.cluster)).fillna("?")
        clusters = np.unique(text.to_numpy("str"), return_inverse=True)[1]
    return Sample(outcome, treated, codes, tuple(map(str, names)), matrix, clusters)


def _strata(rows: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    if not names:
        return pd.Series(WHOLE, index=rows.index)
    parts = [table_columns.words(table_columns.column(rows, n)).fillna("?") for n in names]
    joined = parts[0]
    for part in parts[1:]:
        joined = joined + "/" + part
    return joined


def _facts(rows: pd.DataFrame, names: Sequence[str]) -> pd.DataFrame:
    """Covariates as numbers where every value is one, else as words."""
    facts = {}
    for name in names:
        values = table_columns.column(rows, name)
        read = table_columns.numbers(values)
        facts[name] = table_columns.words(values) if read is None else read
    return pd.DataFrame(facts, index=rows.index)


def _balance(facts: pd.DataFrame, treated: Flags) -> list[dict[str, Any]]:
    table = standardised_differences(facts, treated)
    return [dict(zip(table.columns, row, strict=True)) for row in table.itertuples(index=False)]


def _curves(
    rows: pd.DataFrame,
    values: table_columns.Values,
    sample: Sample,
    columns: Columns,
    level: float,
) -> dict[str, Any]:
    """Time to the event where a column of times is named: the outcome is then its status."""
    if columns.time is None:
        return {}
    time = table_columns.numbers(table_columns.column(rows, columns.time))
    if time is None or (time < 0).any():
        raise InputError(f"{columns.time}: expected numbers of at least 0, got something else")
    status, causes = _status(rows, values, columns)
    known = np.isfinite(time.to_numpy()) & (status >= 0)
    covariates = sample.covariates.numbers[known]
    times = Times(
        time.to_numpy()[known], status[known], sample.arm[known], None, causes, covariates
    )
    return describe_times(times, within=float(time[known].max()), level=level)


def _status(
    rows: pd.DataFrame, values: table_columns.Values, columns: Columns
) -> tuple["np.ndarray[Any, np.dtype[np.int64]]", tuple[str, ...]]:
    """0 for censored, 1 for the event, further codes for competing ends, -1 for unknown.

    A status of two values is the event and censoring. One of more is 0 for censoring and the other
    codes for ends, of which `event` is the one of interest.
    """
    text = table_columns.words(table_columns.column(rows, columns.outcome))
    found = sorted(text.dropna().unique())
    event = values.event or "1"
    if len(found) > 2 and "0" not in found:
        raise InputError(f"{columns.outcome}: expected 0 for censoring, got {', '.join(found[:8])}")
    others = [code for code in found if code not in (event, "0")] if len(found) > 2 else []
    names = [event, *others]
    codes = {code: number for number, code in enumerate(names, start=1)}
    status = text.map(lambda code: codes.get(code, 0), na_action="ignore").fillna(-1)
    return status.to_numpy("int64"), tuple(names)


def _findings(
    arms: table_columns.Arms, values: table_columns.Values, matrix: Matrix, columns: Columns
) -> tuple[Finding, ...]:
    chosen = []
    if arms.guessed:
        chosen.append(Finding(Code.ARM_CHOSEN, {"arm": arms.names[0], "other": arms.names[1]}))
    if values.guessed:
        chosen.append(Finding(Code.EVENT_CHOSEN, {"event": values.event, "of": columns.outcome}))
    dropped = ", ".join(matrix.dropped)
    return (
        *counted(Code.ROWS_WITHOUT_ARM, arms.without),
        *counted(Code.OTHER_ARMS, arms.others),
        *chosen,
        *counted(Code.COVARIATES_DROPPED, len(matrix.dropped), names=dropped),
    )
