"""What reading records needs from the environment, the same for every command and the service."""

from typing import Self

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from features.common.errors import SettingsError
from features.intake.formats.person_key import VARIABLE, PersonKey


class IntakeSettings(BaseSettings):
    """Read from VIGIE_… or a .env file by whoever is at the surface, and given down as values."""

    model_config = SettingsConfigDict(
        env_prefix="VIGIE_", env_file=".env", extra="ignore", hide_input_in_errors=True
    )

    person_key: SecretStr = Field(
        SecretStr(""),
        description="ID:SECRET that names learners of files without identifiers; empty: refused.",
    )

    @field_validator("person_key")
    @classmethod
    def _check_person_key(cls, value: SecretStr) -> SecretStr:
        PersonKey.parse(value.get_secret_value())
        return value

    @property
    def naming_key(self) -> PersonKey | None:
        """Return the key that names learners, None where there is none."""
        return PersonKey.parse(self.person_key.get_secret_value())

    @classmethod
    def of_environment(cls) -> Self:
        """Read the settings. Raises SettingsError that never shows a value."""
        try:
            return cls()
        except ValidationError:
            raise SettingsError(
                f"{VARIABLE}: expected ID:SECRET, a secret of 32 characters or more"
            ) from None
