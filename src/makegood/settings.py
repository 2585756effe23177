"""What the one who runs makegood decides, read from the environment once; only `wiring` may look here."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, IPvAnyNetwork, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


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
    host: str = Field(default="127.0.0.1", description="Address on which `makegood serve` listens.")
    port: int = Field(default=8000, ge=0, le=65535, description="Port of `makegood serve`; 0 takes a free one.")
    public_url: str | None = Field(
        default=None,
        description="Address under which visitors reach the server, for links; else where it listens.",
    )
    trusted_proxies: str = Field(
        default="127.0.0.1",
        description="Addresses of reverse proxies whose X-Forwarded headers are believed, separated by commas.",
    )
    most_body: int = Field(
        default=2 * 1024 * 1024, ge=1024, description="Most bytes that the body of a request may have."
    )
    most_upload: int = Field(
        default=64 * 1024 * 1024,
        ge=1024,
        description="Most bytes of a file that is imported over HTTP; `makegood import` takes any size.",
    )
    rate_limit: str = Field(
        default="6000/minute", description="Most requests of one caller, in one process, such as `100/second`."
    )
    agents_apply: bool = Field(
        default=False, description="Whether tools of agents over HTTP change the books; else they only show."
    )
    metrics: Literal["loopback", "anyone", "nobody"] = Field(
        default="loopback", description="Who may read `/metrics`."
    )
    smtp_host: str | None = Field(
        default=None,
        description="Server that takes mails; without it, `MAKEGOOD_MAIL_FROM` and a public URL none are.",
    )
    smtp_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Its port; else 465 with `tls`, 587 with `starttls`, 25 with `none`.",
    )
    smtp_tls: Literal["none", "starttls", "tls"] = Field(
        default="starttls", description="How the line is encrypted."
    )
    smtp_user: str = Field(default="", description="Login at the server of mails; empty: none is needed.")
    smtp_password: SecretStr = Field(default=SecretStr(""), description="The password of that login.")
    smtp_ca: str | None = Field(
        default=None, description="File of certificates to trust for mails instead of the system's."
    )
    mail_from: str | None = Field(
        default=None, description="Whom mails come from: `Mugs & Tea <orders@shop.example>`."
    )
    connections: int = Field(default=8, ge=2, description="Most connections that one process opens.")
    webhook_networks: Annotated[list[IPvAnyNetwork], NoDecode] = Field(
        default_factory=list,
        description="Networks besides the public internet to which webhooks are sent, such as `10.1.0.0/16`, "
        "separated by commas.",
    )
    log_format: Literal["auto", "json", "text"] = Field(
        default="auto",
        description="What a line of the log looks like; `auto` is JSON where stderr is no terminal.",
    )
    log_level: Literal["auto", "debug", "info", "warning", "error"] = Field(
        default="auto", description="From when on it is logged; `auto` is `info` where stderr is no terminal."
    )

    @field_validator("webhook_networks", mode="before")
    @classmethod
    def _split(cls, given: object) -> object:
        return [part.strip() for part in given.split(",") if part.strip()] if isinstance(given, str) else given
