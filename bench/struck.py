"""The shop's own web server and worker, with the drill of checkouts waiting at the named points.

`bench.struck:create_app` is the application; `python -m bench.struck` is the worker.
"""

import os

from litestar.types import ASGIApp

from bench import striking


def create_app() -> ASGIApp:
    from app.main import create_app as create_shop

    striker = striking.watched("web")
    return striking.answering(striker, create_shop())


def work() -> None:
    from workers import main, running

    striking.watched("worker")
    os.nice(main.NICENESS)
    running.run("worker", main.turns)


if __name__ == "__main__":
    work()
