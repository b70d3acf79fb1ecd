"""The link at the end of a mail about wishlists, which stops such mails without signing in."""

from itsdangerous import BadSignature, URLSafeSerializer

from app.infra.settings import settings
from app.notifications.links import address

PATH = "/mails/wishlists/off"


def stop_link(account: int) -> str:
    """It never ends: whoever finds an old mail may stop the new ones."""
    return address(f"{PATH}?key={_keys().dumps(account)}")


def account_of_key(key: str) -> int | None:
    """Whose mails the key stops; None if it is not ours."""
    try:
        found = _keys().loads(key)
    except BadSignature:
        return None
    return found if isinstance(found, int) else None


def _keys() -> URLSafeSerializer:
    return URLSafeSerializer(settings().secret_key.get_secret_value(), salt="stop mails about wishlists")
