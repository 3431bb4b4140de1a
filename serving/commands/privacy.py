"""Commands on people's data: erase, store no longer than allowed, export, explain, hide."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from serving.actors import COMMAND
from serving.commands.opening import opened_context

out, err = Console(), Console(stderr=True)
REJECTS = Path("var/rejects")


def erase(
    person: Annotated[str, typer.Argument(help="Id of the person.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase all that is stored of a person; the audit records that it was done."""
    from serving.operations.privacy import erase_person

    if not yes:
        typer.confirm("Erase records, assessments and names for good?", abort=True)
    with opened_context() as context:
        erased = erase_person(context, actor=COMMAND, person_id=person)
    out.print(_rows(erased.counts), highlight=False)


def retain(
    yes: Annotated[bool, typer.Option("--yes", help="Erase; without it only show.")] = False,
    rejects: Annotated[Path, typer.Option(help="Folder of files of refused rows.")] = REJECTS,
) -> None:
    """Show or erase whose last contact is older than the retention period, and old rejects."""
    from features.common.progress import counting
    from features.intake.rejects_files import remove_old_rejects
    from serving.operations import privacy

    with opened_context() as context:
        due = privacy.persons_due(context, actor=COMMAND)
        if not yes:
            table = Table("person", "contracts", "last contact")
            for person in due:
                table.add_row(person.person_id, str(person.contracts), f"{person.last_contact_on}")
            out.print(table)
            out.print(f"{len(due)} persons; `vigie retain --yes` erases them", highlight=False)
            return
        with counting("erasing persons", total=len(due), console=err) as advance:
            erased = privacy.retain(context, actor=COMMAND, progress=advance)
        removed = remove_old_rejects(rejects, now=context.now())
    out.print(f"{erased.persons} persons erased; {_rows(erased.counts)}", highlight=False)
    if removed:
        out.print(f"{removed} old files of refused rows removed", highlight=False)


def suspend_scoring(
    why: Annotated[str, typer.Option(help="Reason, shown in place of every score.")],
) -> None:
    """Show no score anywhere until `vigie resume-scoring`."""
    from serving.operations import suspension

    with opened_context() as context:
        suspension.suspend_scoring(context, actor=COMMAND, why=why)
    out.print("Scoring is suspended: no score is made or shown", highlight=False)


def resume_scoring() -> None:
    """Show scores again."""
    from serving.operations import suspension

    with opened_context() as context:
        suspension.resume_scoring(context, actor=COMMAND)
    out.print("Scoring is on again; `vigie rescore` renews the scores", highlight=False)


def export(
    folder: Annotated[Path, typer.Argument(help="New folder to write the extract to.")],
    key_file: Annotated[
        Path, typer.Option(help="Key of the hashed ids, stored apart; made when it is not there.")
    ],
) -> None:
    """Write a pseudonymised extract that `vigie train` takes as it is."""
    from serving.operations.export import export_extract, read_key

    key = read_key(key_file, outside=folder)
    with opened_context() as context:
        counts = export_extract(context, actor=COMMAND, folder=folder, key=key)
    out.print(f"{_rows(counts)} in {folder}", highlight=False)


def explain(
    contract: Annotated[str, typer.Argument(help="Id of the contract.")],
    out_file: Annotated[Path, typer.Option("--out", help="HTML file to write.")],
) -> None:
    """Write the explanation of a contract's score, in French, to hand out to the person."""
    from features.common.writing import whole_file
    from serving.operations.handout import hand_out
    from serving.pages.case.handout import handout_file

    with opened_context() as context:
        case = hand_out(context, actor=COMMAND, contract_id=contract)
        page = handout_file(case, context)
    with whole_file(out_file) as file:
        file.touch(mode=0o600)
        file.write_text(page, encoding="utf-8")
    out.print(str(out_file), highlight=False)


def _rows(counts: dict[str, int]) -> str:
    return ", ".join(f"{count} {name}" for name, count in counts.items() if count) or "no rows"
