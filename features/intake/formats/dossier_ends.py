"""What dossiers say of the end of contracts and of what happened on the way."""

import pandas as pd

from features.intake.formats.dossier_fields import as_day
from features.intake.formats.dossier_merge import END, join_amended, without_false_ends
from features.intake.formats.dossier_v3 import Delivery, pseudonym
from features.intake.formats.ground_labels import NotAnEnd
from features.intake.formats.legal_grounds import read_causes

LEFT = "0"  # statut_apprenant: 0 left, 2 enrolled, 3 apprentice
NO = ("false", "0", "non", "no", "faux")
OUTCOME_COLUMNS = ["contract_id", "ended_on", "known_on", *END[2:]]
EVENT_COLUMNS = ["event_id", "contract_id", "happened_on", "kind", "known_on", "line"]


def with_ends(delivery: Delivery) -> tuple[Delivery, pd.DataFrame]:
    """Read the causes of each end; returns the delivery and the events its dossiers describe."""
    rows = delivery.rows.join(read_causes(delivery.rows["cause"]))
    amendments = _amendments(rows)
    joined = join_amended(rows)
    false = int(joined.rows["not_an_end"].notna().sum()) + joined.joined
    rows = _diploma_first(without_false_ends(joined.rows))
    exits = _exits(rows)
    noted = Delivery(
        delivery.name,
        delivery.known_on,
        rows,
        delivery.refused,
        delivery.notes,
        delivery.repeats + joined.joined,
    ).noting(
        {
            "ends that are none (amendment, transfer, suspension, cancelled), not taken": false,
            "contracts continued under another start, joined to the one they continue": (
                joined.joined
            ),
            "causes of rupture in words we do not know, left missing": int(rows["unmapped"].sum()),
        }
    )
    return noted, pd.concat([amendments, exits], ignore_index=True)


def outcome_rows(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that describe an end, with the columns of an outcome and the line."""
    ended = rows[["ended_on", "cause"]].notna().any(axis="columns")
    return rows.loc[ended, [*OUTCOME_COLUMNS, "line"]].reset_index(drop=True)


def _diploma_first(rows: pd.DataFrame) -> pd.DataFrame:
    """Read an end of no known cause, on or after the diploma, as an early success (L6222-19)."""
    obtained = ~rows["diploma"].str.lower().isin(NO).to_numpy(bool)
    after = (as_day(rows["ended_on"]) >= as_day(rows["diploma_on"])).to_numpy(bool)
    silent = rows[["initiator", "motive", "cause_1"]].isna().all(axis="columns").to_numpy(bool)
    success = obtained & after & silent & (rows["how"] == "rupture").to_numpy(bool)
    return rows.assign(
        how=rows["how"].mask(success, "early_success"),
        initiator=rows["initiator"].mask(success, "young_person"),
        unmapped=rows["unmapped"].mask(success, other=False),
    )


def _amendments(rows: pd.DataFrame) -> pd.DataFrame:
    """Describe an amendment on the day a contract was said to end by one, or by a transfer."""
    amended = rows["not_an_end"].isin([NotAnEnd.AMENDMENT, NotAnEnd.TRANSFER])
    amended &= rows["ended_on"].notna()
    found = rows[amended]
    return _events(found, "amendment", found["contract_id"], found["ended_on"])


def _exits(rows: pd.DataFrame) -> pd.DataFrame:
    """Describe an exclusion or a departure on its day, in the contract that ran then.

    Of several contracts, the last one begun by that day, else the first to begin.
    """
    left = rows["status_on"].where((rows["status"] == LEFT).to_numpy(bool))
    ends = rows.assign(happened_on=rows["excluded_on"].fillna(left))
    ends = ends[ends["happened_on"].notna() & ~ends["contract_id"].str.endswith(":undated")]
    begun = as_day(ends["started_on"]) <= as_day(ends["happened_on"])
    distance = (as_day(ends["happened_on"]) - as_day(ends["started_on"])).abs()
    order = ends.assign(later=~begun, distance=distance).sort_values(["later", "distance"])
    of_one = order.drop_duplicates(["person_id", "happened_on"]).sort_values(["line", "place"])
    return _events(of_one, "left_training", of_one["contract_id"], of_one["happened_on"])


def _events(
    rows: pd.DataFrame, kind: str, contract_id: pd.Series, happened_on: pd.Series
) -> pd.DataFrame:
    source = contract_id + f"|{kind}|" + happened_on
    events = pd.DataFrame(
        {
            "event_id": source.map(pseudonym).astype("str"),
            "contract_id": contract_id,
            "happened_on": happened_on,
            "kind": kind,
            "known_on": rows["known_on"],
            "line": rows["line"],
        }
    )
    return events[EVENT_COLUMNS].reset_index(drop=True)
