"""Addresses that stand in mails. They begin with BASE_URL: what a request says of its host is a stranger's word."""

from app.infra.settings import settings


def address(path: str) -> str:
    """The whole address of a page of ours, such as "https://feira.example/orders"."""
    return settings().public_url + path
