"""What people read when they are turned away, in French: plain, kind, and the next thing to do."""

import math

from serving.auth.errors import (
    AuthError,
    CsrfError,
    NoAccountError,
    PasswordChangeRequiredError,
    ProviderError,
    ProviderUnavailableError,
    ThrottledError,
    WeakPasswordError,
    WrongPasswordError,
)
from serving.auth.passwords import SHORTEST


def words_of(error: AuthError) -> str:
    """A sentence for the person in front of the screen."""
    match error:
        case ThrottledError(retry_after=seconds):
            return f"Trop d'essais pour le moment. Vous pourrez réessayer {_in(seconds)}."
        case WrongPasswordError():
            return "L'adresse ou le mot de passe ne correspond pas. Vérifiez-les et réessayez."
        case NoAccountError():
            return (
                "Votre identité est bien reconnue, mais aucun compte Vigie ne vous est encore "
                "ouvert. La personne qui administre Vigie dans votre structure peut vous inviter."
            )
        case CsrfError():
            return "Cette page est restée ouverte trop longtemps. Merci de recommencer."
        case WeakPasswordError():
            return (
                f"Choisissez un mot de passe d'au moins {SHORTEST} caractères, différent de votre "
                "adresse et du précédent. Une longue phrase facile à retenir convient très bien."
            )
        case PasswordChangeRequiredError():
            return "Avant de continuer, choisissez un mot de passe qui ne soit connu que de vous."
        case ProviderUnavailableError():
            return (
                "Le service de connexion ne répond pas pour le moment. Réessayez dans un instant."
            )
        case ProviderError():
            return "La connexion n'est pas allée à son terme. Merci de recommencer."
        case _:
            return "Connectez-vous pour continuer."


def _in(seconds: int) -> str:
    if seconds <= 60:
        return f"dans {seconds} secondes"
    return f"dans {math.ceil(seconds / 60)} minutes"
