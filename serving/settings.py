"""Every setting of the service, read from the environment (VIGIE_…) or a .env file."""

from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator

from features.common.errors import SettingsError
from features.intake.settings import IntakeSettings


class Settings(IntakeSettings):
    """What a programme may choose; no default here lets anybody in."""

    secret_key: SecretStr = Field(
        min_length=32, description="Signs cookies and keys hashes; 32 characters or more."
    )
    database_url: SecretStr = Field(
        SecretStr("sqlite:///var/vigie.sqlite3"), description="sqlite:///path or postgresql://…"
    )
    bundles: Path = Field(Path("var/bundles"), description="Folder that holds `champion`.")
    time_zone: str = Field("Europe/Paris", description="Where a morning begins.")

    host: str = Field("127.0.0.1", description="Address to listen on.")
    port: int = Field(8000, ge=0, le=65535, description="Port to listen on.")
    workers: int = Field(2, ge=1, le=64, description="Processes that answer requests.")
    public_url: str = Field("http://127.0.0.1:8000", description="Address people type.")
    secure_cookies: bool = Field(True, description="Cookies over HTTPS only; false for a demo.")
    log_level: str = Field("INFO", description="DEBUG, INFO, WARNING or ERROR.")

    valid_days: int = Field(7, ge=1, le=90, description="Days an assessment may be relied on.")
    capacity: int = Field(8, ge=1, le=200, description="Cases an advisor can see in a week.")
    random_share: float = Field(
        0.1, ge=0, le=0.5, description="Share of the week's list drawn at random among open cases."
    )
    retention_years: float = Field(2, gt=0, le=10, description="Years kept after last contact.")

    body_limit: int = Field(2_000_000, ge=1000, description="Largest body in bytes.")
    import_limit: int = Field(200_000_000, ge=1000, description="Largest imported file in bytes.")
    import_rows: int = Field(5_000_000, ge=1, description="Most rows of an imported file.")
    import_memory: int = Field(
        1_610_612_736, ge=50_000_000, description="Memory an import may take, in bytes."
    )
    batch_limit: int = Field(10_000, ge=1, description="Most lines in a batch.")
    rate_limit: str = Field("600/second", description="Requests per key, as in `100/minute`.")
    request_timeout_seconds: float = Field(30, gt=0, description="Longest time for one answer.")
    session_hours: float = Field(10, gt=0, le=72, description="Longest time signed in.")

    webhook_allow_private: bool = Field(
        False, description="Let webhooks go to private and link-local addresses."
    )
    webhook_timeout_seconds: float = Field(10, gt=0, le=60, description="Patience with a receiver.")

    oidc_issuer: str = Field("", description="Address of the OpenID provider; empty: none.")
    oidc_client_id: str = Field("", description="Client id at the provider.")
    oidc_client_secret: SecretStr = Field(SecretStr(""), description="Client secret there.")
    oidc_label: str = Field("ProConnect", description="Name on the sign-in button.")

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            return ZoneInfo(name).key
        except (ZoneInfoNotFoundError, ValueError, OSError):
            expected = "expected a time zone such as Europe/Paris or Indian/Reunion"
            raise ValueError(f"{expected}, got one that is not known here") from None

    @property
    def zone(self) -> ZoneInfo:
        """The programme's time zone."""
        return ZoneInfo(self.time_zone)

    @classmethod
    def read(cls) -> Self:
        """Settings of the environment.

        Raises SettingsError that names each faulty variable, never its value.
        """
        try:
            return cls()
        except ValidationError as error:
            faults = [
                f"VIGIE_{str(fault['loc'][0]).upper()}: {_words(fault['type'], fault['msg'])}"
                for fault in error.errors(include_input=False, include_url=False)
            ]
            raise SettingsError(f"settings: {'; '.join(faults)}") from None


def _words(kind: str, message: str) -> str:
    if kind == "missing":
        return (
            "expected a secret of 32 characters or more, got none; make one with "
            "`python -c 'import secrets; print(secrets.token_urlsafe(32))'`"
        )
    return message
