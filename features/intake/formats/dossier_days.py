"""The day a date of a dossier means, where its centre is.

Software writes a day as a date, as a wall clock, or as an instant in UTC or with an offset. A local
midnight written in UTC falls on the day before in Paris and on the day itself in Martinique, so an
instant is read in the time zone of the centre. A clock that shows midnight, or the last minute of a
day, is the day as it is written: that is how a plain date is put into a field that wants an hour.
"""

import re
from datetime import datetime
from functools import cache
from zoneinfo import ZoneInfo

import pandas as pd

METROPOLITAN = "Europe/Paris"
# First three figures of a UAI or of a postcode; the two number New Caledonia and Polynesia apart.
ZONES = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "983": "Pacific/Noumea",
    "984": "Pacific/Tahiti",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}
_CLOCK = re.compile(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}/[0-9]{1,2}/[0-9]{4})[Tt ]+"
    r"(?P<hour>[0-9]{1,2})[:h](?P<minute>[0-9]{2})(:(?P<second>[0-9]{2})([.,][0-9]+)?)?"
    r" ?(?P<offset>[Zz]|[+-][0-9]{2}:?([0-9]{2})?)?"
)
# What software writes where it has no date: .NET, SQL Server, Excel, "open-ended".
NO_DATE = (
    r"(0000-00-00|00/00/0000|0001-01-01|01/01/0001|1753-01-01|01/01/1753|1899-12-3[01]"
    r"|3[01]/12/1899|1900-01-0[01]|0[01]/01/1900|[2-9]999-12-31|31/12/[2-9]999)([T ].*)?"
)


def zones(*places: pd.Series) -> pd.Series:
    """Return the time zone of each centre, from the first of its UAIs or postcodes that says."""
    found: pd.Series = pd.Series(None, index=places[0].index, dtype="str")
    for place in places:
        found = found.fillna(place.str.slice(0, 3).map(ZONES).astype("str"))
    return found.fillna(METROPOLITAN)


def local_days(texts: pd.Series, zone: pd.Series) -> pd.Series:
    """Write every date with an hour as the day it is in its zone; other texts stay as they are."""
    timed = texts.str.contains(":|h", regex=True, na=False).to_numpy(bool)
    days = texts.mask(texts.str.fullmatch(NO_DATE, na=False)).copy()
    pairs = zip(texts[timed], zone[timed], strict=True)
    days[timed] = [local_day(text, name) for text, name in pairs]
    return days.mask(days.str.fullmatch(NO_DATE, na=False))


@cache
def local_day(text: str, zone: str) -> str:
    """Return the day of one date with an hour, or the text where it is no such date."""
    clock = _CLOCK.fullmatch(text)
    if clock is None:
        return text
    edge = (clock["hour"].zfill(2), clock["minute"]) in (("00", "00"), ("23", "59"))
    if clock["offset"] is None or edge or "/" in clock["day"]:
        return clock["day"]
    try:
        instant = datetime.fromisoformat(_iso(clock))
    except ValueError:
        return text
    return instant.astimezone(ZoneInfo(zone)).date().isoformat()


def _iso(clock: re.Match[str]) -> str:
    hour, second = clock["hour"].zfill(2), clock["second"] or "00"
    offset = "+00:00" if clock["offset"] in ("Z", "z") else clock["offset"].replace(":", "")
    return f"{clock['day']}T{hour}:{clock['minute']}:{second}{offset}"
