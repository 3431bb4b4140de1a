"""What people read when they are turned away: plain, kind, and the next thing to do."""

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

# The first kind that an error is of counts; in French, then in English.
SENTENCES: tuple[tuple[type[AuthError], str, str], ...] = (
    (
        ThrottledError,
        "Trop d'essais pour le moment. Vous pourrez réessayer dans {wait}.",
        "Too many tries for now. You can try again in {wait}.",
    ),
    (
        WrongPasswordError,
        "L'adresse ou le mot de passe ne correspond pas. Vérifiez-les et réessayez.",
        "The address or the password does not match. Check them and try again.",
    ),
    (
        NoAccountError,
        (
            "Votre identité est bien reconnue, mais aucun compte Vigie ne vous est encore ouvert. "
            "La personne qui administre Vigie dans votre structure peut vous inviter."
        ),
        (
            "You were recognised, but no Vigie account has been opened for you yet. The person who "
            "administers Vigie in your organisation can invite you."
        ),
    ),
    (
        CsrfError,
        "Cette page est restée ouverte trop longtemps. Merci de recommencer.",
        "This page was left open for too long. Please start again.",
    ),
    (
        WeakPasswordError,
        (
            "Choisissez un mot de passe d'au moins {shortest} caractères, différent de votre "
            "adresse et du précédent. Une longue phrase facile à retenir convient très bien."
        ),
        (
            "Choose a password of at least {shortest} characters, other than your address and the "
            "one before. A long sentence that is easy to remember does very well."
        ),
    ),
    (
        PasswordChangeRequiredError,
        "Avant de continuer, choisissez un mot de passe qui ne soit connu que de vous.",
        "Before you go on, choose a password that only you know.",
    ),
    (
        ProviderUnavailableError,
        "Le service de connexion ne répond pas pour le moment. Réessayez dans un instant.",
        "The sign-in service does not answer for now. Try again in a moment.",
    ),
    (
        ProviderError,
        "La connexion n'est pas allée à son terme. Merci de recommencer.",
        "Signing in was not completed. Please start again.",
    ),
    (AuthError, "Connectez-vous pour continuer.", "Sign in to go on."),
)


def words_of(error: AuthError, *, language: str = "fr") -> str:
    """Return a sentence for the person in front of the screen, in French or in English (`en`)."""
    french, english = next((fr, en) for kind, fr, en in SENTENCES if isinstance(error, kind))
    wait = _wait(error.retry_after, language) if isinstance(error, ThrottledError) else ""
    return (english if language == "en" else french).format(wait=wait, shortest=SHORTEST)


def _wait(seconds: int, language: str) -> str:
    if seconds <= 60:
        unit = "second" if language == "en" else "seconde"
        return f"{seconds} {unit}{'s' if seconds > 1 else ''}"
    minutes = math.ceil(seconds / 60)
    return f"{minutes} minutes"
