"""Addresses of the site that more than one page leads to."""

from urllib.parse import quote

HOME, SIGN_IN, PASSWORD = "/", "/connexion", "/mot-de-passe"
FOLLOW_UPS = "/apres-contrat"


def case_path(contract_id: str) -> str:
    """Return the address of a case's page."""
    return f"/suivis/{quote(contract_id, safe='')}"


def local_path(path: str) -> str:
    """Return a path of this site, or the home page: nobody is sent elsewhere by a link of ours."""
    is_local = path.startswith("/") and not path.startswith(("//", "/\\")) and path.isprintable()
    return path if is_local else HOME
