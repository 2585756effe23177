"""What the one who runs makegood decides, read from the environment once; only `wiring` may look here."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class Settings(BaseSettings):
    """Each setting is an environment variable with the prefix `MAKEGOOD_`; business settings are in the books."""

    model_config = SettingsConfigDict(env_prefix="MAKEGOOD_")

    database_url: str | None = Field(
        default=None,
        description="Address of a PostgreSQL 15 or newer; without it an embedded one runs in `home`.",
    )
    home: Path = Field(
        default_factory=lambda: Path.home() / ".makegood",
        description="Folder of the embedded PostgreSQL.",
    )
    connections: int = Field(default=8, ge=2, description="Most connections that one process opens.")
