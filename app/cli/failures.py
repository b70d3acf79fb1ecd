"""What a person can mend is said in one line, without a traceback."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.infra.embedded.servers import ServerFailed
from app.infra.needs import DatabaseUnfit
from app.infra.outages import DatabaseUnavailable
from app.infra.settings import SettingInvalid


class CannotContinue(Exception):
    """A command cannot do its work; the message is one line for a person."""


@contextmanager
def one_line() -> Iterator[None]:
    try:
        yield
    except (CannotContinue, SettingInvalid, ServerFailed, DatabaseUnavailable, DatabaseUnfit) as error:
        print(f"feira: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
