"""Why a request to a stranger's address was not made, or not finished."""


class OutwardRefused(Exception):
    """We do not fetch this; asking again will not help. `reason` is one friendly sentence for a supplier."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class OutwardFailed(OutwardRefused):
    """The other side did not manage it this time (away, slow, broken off); another time it may."""
