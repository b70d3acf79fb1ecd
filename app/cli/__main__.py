"""`./feira COMMAND`."""

import sys

from app.cli.commands import main
from app.cli.failures import one_line

if __name__ == "__main__":
    with one_line():
        sys.exit(main(prog_name="feira"))
