"""Imports as they are answered: where they stand, and the problem of one that did not end well."""

from typing import Any

from features.common import errors
from serving.api.handlers import problem_for
from serving.api.problems import ProblemError, document
from serving.operations.import_jobs import ImportJob


def address_of(job: ImportJob) -> str:
    """Return where to follow an import."""
    return f"/v1/imports/{job.import_id}"


def job_content(job: ImportJob) -> dict[str, Any]:
    """Return an import as the API shows it."""
    problem = job.problem and document(problem_of_job(job), language="fr", instance=None)
    return {
        "import_id": job.import_id,
        "status": job.status,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "contracts_done": job.done,
        "contracts_total": job.total,
        "result": job.result,
        "problem": problem or None,
    }


def problem_of_job(job: ImportJob) -> ProblemError:
    """Return the problem of an import that did not end well, as if it had been read at once."""
    stored = job.problem or {}
    kind = getattr(errors, stored.get("error", ""), errors.VigieError)
    problem = problem_for(kind(stored.get("reason", "")))
    problem.reason = stored.get("reason")
    return problem
