"""The four forms an advisor fills in: interview, event, support action, end of contract."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from features.common.json_types import ColumnValues
from features.records.codes import THEME
from features.records.declarations import EVENT, INTERVIEW, NEEDS, OUTCOME, RATINGS
from features.records.schema import RecordType
from serving.pages.records.fields import Field, Reading, field_of, read
from serving.pages.records.note_words import Remark, remarks_on
from serving.wording import Wording

WITH = ("with_young_person", "with_tutor", "with_training_centre")
SUPPORT = "support_action"


@dataclass(frozen=True)
class FormKind:
    """What a form records: its groups of columns by name, and values it fixes by itself."""

    name: str
    record_type: RecordType
    groups: Mapping[str, tuple[str, ...]]
    fixed: ColumnValues = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """Every column the form asks for."""
        return tuple(name for group in self.groups.values() for name in group)


@dataclass(frozen=True)
class FormView:
    """A form ready to be drawn: fields by group, errors counted, remarks on the note."""

    kind: str
    record_id: str
    groups: dict[str, tuple[Field, ...]]
    errors: tuple[tuple[str, str, str], ...]
    remarks: tuple[Remark, ...]

    def __getitem__(self, name: str) -> Field:
        return next(f for group in self.groups.values() for f in group if f.name == name)


FORMS = {
    form.name: form
    for form in (
        FormKind(
            "interview",
            INTERVIEW,
            {
                "when": ("held_on", "status", "channel", "phase"),
                "who": WITH,
                "themes": tuple(f"theme_{code}" for code in THEME.codes),
                "ratings": tuple(f"rating_{name}" for name in RATINGS),
                "needs": tuple(f"need_{name}" for name in NEEDS),
                "risk": ("declared_risk",),
                "note": ("note",),
            },
        ),
        FormKind("event", EVENT, {"what": ("happened_on", "kind", "value")}),
        FormKind("support", EVENT, {"what": ("happened_on", "theme")}, fixed={"kind": SUPPORT}),
        FormKind(
            "end",
            OUTCOME,
            {
                "what": ("ended_on", "how", "initiator", "motive"),
                "causes": ("cause_1", "cause_2", "cause_3"),
                "after": ("new_contract_on",),
            },
        ),
    )
}


def read_form(kind: FormKind, typed: Mapping[str, str], *, today: date, t: Wording) -> Reading:
    """Read a form back. What only one form can know is checked here: when themes are needed.

    Ratings, themes and needs of an interview that was not held are left out: nobody answered.
    """
    reading = read(kind.record_type, kind.names, typed, today=today, t=t)
    values = {**reading.values, **kind.fixed}
    if kind.name == "interview" and values.get("status") not in {"held", None}:
        asked = ("theme_", "rating_", "need_", "declared_risk")
        values = {n: None if n.startswith(asked) else v for n, v in values.items()}
    errors = dict(reading.errors)
    if kind.name == "support" and not typed.get("theme", "").strip():
        errors["theme"] = t("error.required")
    return Reading(values, reading.typed, errors)


def form_view(kind: FormKind, reading: Reading, *, record_id: str) -> FormView:
    """Return the form to draw for what was read so far.

    `record_id` makes sending it twice harmless.
    """
    groups = {
        group: tuple(field_of(kind.record_type[name], reading) for name in names)
        for group, names in kind.groups.items()
    }
    faulty = [f for fields in groups.values() for f in fields if f.error]
    return FormView(
        kind=kind.name,
        record_id=record_id,
        groups=groups,
        errors=tuple((f.name, f.label, f.error or "") for f in faulty),
        remarks=remarks_on(reading.typed.get("note", "")),
    )


def blank(**typed: str) -> Reading:
    """Return a form nobody has filled in yet, with a few values put in."""
    return Reading({}, typed, {})
