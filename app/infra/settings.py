"""Every setting of Feira, read once from the environment and checked before anything starts."""

from decimal import Decimal
from functools import cache
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.infra.root import ROOT


class SettingInvalid(Exception):
    """A setting in the environment cannot be used; the message is one line for a person."""


class Settings(BaseSettings):
    """Names are those of the environment variables, in lower case."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", hide_input_in_errors=True)

    database_url: str = Field("", description="PostgreSQL address; empty: a private server is started")
    redis_url: str = Field("", description="Redis or Valkey address; empty: a private server is started")
    feira_data: Path = Field(ROOT / ".data", description="folder of everything embedded: databases, index, feeds")
    host: str = Field("127.0.0.1", description="address the web server listens on")
    port: int = Field(8000, ge=1, le=65535, description="port the web server listens on")
    base_url: str = Field(
        "", description="address shoppers use, such as https://feira.example; empty: from host and port"
    )
    secret_key: SecretStr = Field(
        SecretStr(""), description="signs cookies and webhooks; empty: made once and kept in the data folder"
    )
    web_workers: int = Field(1, ge=1, le=64, description="web processes")
    database_pool: int = Field(10, ge=1, le=200, description="connections each process may hold")
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="least severe log line written")
    log_format: Literal["json", "console"] = Field("json", description="form of log lines on standard error")
    shop_timezone: str = Field("Europe/Lisbon", description="time zone in which pages show times")
    shop_country: str = Field(
        "PT", pattern="^[A-Z]{2}$", description="country whose taxes are in the prices, by its two letters"
    )
    prices: Literal["gross", "net"] = Field(
        "gross",
        description="whether prices in feeds and on pages contain VAT: gross; or net, and VAT is added at checkout",
    )
    vat_percent: Decimal = Field(
        Decimal(23), ge=0, lt=100, decimal_places=2, description="VAT of what /admin/taxes has no rate for, in percent"
    )
    archive_after_months: int = Field(
        24, ge=1, le=1200, description="how old a month must be before its orders are archived"
    )
    return_within_days: int = Field(
        30, ge=14, le=3650, description="days after which an agreed return that has not arrived is closed"
    )
    reservation_minutes: int = Field(20, ge=1, le=1440, description="how long stock is held for an unpaid order")
    feed_max_bytes: int = Field(2 * 1024**3, ge=1024, description="largest feed accepted, in bytes, decompressed")
    feeds_kept_days: int = Field(90, ge=7, le=36_500, description="how long feeds that are over are kept, with reports")
    outward_allow: str = Field(
        "", description="inner places that addresses of strangers may lead to: host:port or 10.0.0.0/8, with commas"
    )
    trusted_proxies: str = Field(
        "", description="reverse proxies whose X-Forwarded-For is believed: addresses or 10.0.0.0/8, with commas"
    )
    picture_max_bytes: int = Field(10 * 1024**2, ge=1024, description="largest picture of a supplier, in bytes")
    payment_provider: Literal["sandbox", "stripe"] = Field("sandbox", description="who takes the money")
    stripe_secret_key: SecretStr = Field(SecretStr(""), description="Stripe's secret key, for PAYMENT_PROVIDER=stripe")
    stripe_webhook_secret: SecretStr = Field(
        SecretStr(""), description="signing secret of Stripe's webhooks; while it changes: old and new, with a comma"
    )
    stripe_api_base: str = Field("https://api.stripe.com", description="Stripe's API")
    stripe_page_origin: str = Field("https://checkout.stripe.com", description="where Stripe's payment pages are")
    payment_capture: Literal["at_order", "at_shipment"] = Field(
        "at_order", description="when cards are charged; at_shipment: the bank holds the money until parcels leave"
    )
    smtp_host: str = Field("", description="mail server; empty: mails are kept, to be looked at, and not sent")
    smtp_port: int = Field(587, ge=1, le=65535, description="its port")
    smtp_user: str = Field("", description="name to sign in with there; empty: without signing in")
    smtp_password: SecretStr = Field(SecretStr(""), description="password of SMTP_USER")
    smtp_tls: Literal["starttls", "implicit", "none"] = Field(
        "starttls", description="encryption to the mail server: starttls, implicit (port 465) or none"
    )
    mail_from: str = Field("", description="sender of the shop's mails, such as Feira <orders@feira.example>")
    shop_identity: str = Field(
        "Feira, Mercado em Linha, Lda.|Rua do Mercado 1|1200-109 Lisboa|Portugal",
        description="who issues invoices: the name, then the lines of the address, with | between",
    )
    shop_tax_number: str = Field("PT 500 000 000", description="VAT number on invoices")
    carrier_speed: float = Field(
        1.0,
        ge=1,
        le=100_000,
        description="how much faster than ours the simulated carrier's time runs: 1440 is a day a minute",
    )
    sandbox_faults: str = Field("", description="faults of the sandbox provider that are on, with commas; for drills")
    metrics_token: SecretStr = Field(
        SecretStr(""),
        description="who shows it as a bearer token reads /metrics; empty: this machine, if the shop serves no other",
    )
    show_query_count: bool = Field(False, description="answer with an X-Query-Count header, for benchmarks and tests")

    @field_validator("shop_timezone")
    @classmethod
    def _known_zone(cls, name: str) -> str:
        try:
            ZoneInfo(name)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError("is not a time zone such as Europe/Lisbon") from error
        return name

    @model_validator(mode="after")
    def _stripe_is_whole(self) -> Self:
        if self.payment_provider == "stripe" and not (
            self.stripe_secret_key.get_secret_value() and self.stripe_webhook_secret.get_secret_value()
        ):
            raise ValueError("PAYMENT_PROVIDER=stripe needs STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET")
        return self

    @field_validator("database_url", "redis_url", "base_url", "stripe_api_base", "stripe_page_origin")
    @classmethod
    def _known_scheme(cls, address: str) -> str:
        schemes = ("postgres://", "postgresql://", "redis://", "rediss://", "unix://", "http://", "https://")
        if address and not address.startswith(schemes):
            raise ValueError("does not start with a scheme such as " + ", ".join(schemes))
        return address.rstrip("/")

    @field_validator("outward_allow")
    @classmethod
    def _known_places(cls, text: str) -> str:
        for place in text.replace(",", " ").split():
            host, _, port = place.rpartition(":")
            if not (_is_network(place) or (host and port.isdecimal())):
                raise ValueError(f"{place} is neither host:port nor a network such as 10.0.0.0/8")
        return text

    @field_validator("metrics_token")
    @classmethod
    def _hard_to_guess(cls, token: SecretStr) -> SecretStr:
        text = token.get_secret_value()
        if text and not (len(text) >= 16 and text.isascii() and text.isprintable() and " " not in text):
            raise ValueError("is not 16 or more letters, digits and signs")
        return token

    @field_validator("mail_from")
    @classmethod
    def _one_sender(cls, text: str) -> str:
        if text:
            from email_validator import EmailNotValidError, validate_email  # every process loads this file

            try:
                validate_email(text, check_deliverability=False, allow_smtputf8=False, allow_display_name=True)
            except EmailNotValidError:
                raise ValueError("is not a sender such as Feira <orders@feira.example>") from None
        return text

    @model_validator(mode="after")
    def _mail_can_be_sent(self) -> "Settings":
        if self.smtp_host and not self.mail_from:
            raise ValueError("MAIL_FROM: is needed where SMTP_HOST is set")
        if bool(self.smtp_user) != bool(self.smtp_password.get_secret_value()):
            raise ValueError("SMTP_USER: goes with SMTP_PASSWORD: set both, or neither")
        if self.smtp_user and self.smtp_tls == "none" and not is_loopback(self.smtp_host):
            raise ValueError("SMTP_TLS: a password is sent to another machine only with starttls or implicit")
        return self

    @field_validator("trusted_proxies")
    @classmethod
    def _known_networks(cls, text: str) -> str:
        for place in text.replace(",", " ").split():
            if not _is_network(place):
                raise ValueError(f"{place} is neither an address nor a network such as 10.0.0.0/8")
        return text

    @property
    def prices_are_net(self) -> bool:
        """Whether VAT comes on top of the prices of now. An order keeps what they were when it was placed."""
        return self.prices == "net"

    @property
    def public_url(self) -> str:
        return self.base_url or f"http://{self.host}:{self.port}"

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


def is_loopback(host: str) -> bool:
    """Whether a name or address means this very machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _is_network(text: str) -> bool:
    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


@cache
def settings() -> Settings:
    """The settings of this process.

    Raises:
        SettingInvalid: a value in the environment does not fit, said in one line.
    """
    try:
        return Settings()
    except ValidationError as error:
        problem = error.errors()[0]
        name = f"{str(problem['loc'][0]).upper()}: " if problem["loc"] else ""  # what is about two says so itself
        raise SettingInvalid(name + problem["msg"].removeprefix("Value error, ")) from None
