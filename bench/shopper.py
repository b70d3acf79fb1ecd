"""One shopper who looks at one page after another. `python -m bench.shopper PORT PAUSE FILE PATH...`

FILE gets a line per page: when it was asked for (`time.monotonic`), the seconds until it was there, its status.
"""

import http.client
import itertools
import sys
import time
from pathlib import Path

from app.infra.embedded.processes import die_with_parent
from bench.pages import POSTCODE

HEADERS = {"cookie": POSTCODE, "accept-encoding": "br"}


def look(connection: http.client.HTTPConnection, path: str) -> int:
    try:
        connection.request("GET", path, headers=HEADERS)
        answer = connection.getresponse()
        answer.read()
    except (OSError, http.client.HTTPException):
        connection.close()
        return 599  # no answer at all
    return answer.status


def main(port: int, pause: float, noted: Path, paths: list[str]) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    with noted.open("a", buffering=1) as lines:
        for path in itertools.cycle(paths):
            asked = time.monotonic()
            status = look(connection, path)
            lines.write(f"{asked} {time.monotonic() - asked} {status}\n")
            time.sleep(pause)


if __name__ == "__main__":
    die_with_parent()
    main(int(sys.argv[1]), float(sys.argv[2]), Path(sys.argv[3]), sys.argv[4:])
