"""`python -m bench.kill --db sqlite`: prints what was counted, and ends with 1 if anything is wrong."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections import Counter
from datetime import timedelta

import click

from bench.commands import POSITIVE, end_tidily, ports
from bench.kill import verdict
from bench.kill.clients import Act, Person, Sent, crew
from bench.kill.installation import Installation, installed
from bench.landmarks import landmarks
from ilp.core.db import db
from ilp.services.jobs import LEASE
from tests.support.processes import wait_for

BETWEEN = (2.0, 4.0)
"""Seconds between two kills."""
DOWN = (0.0, 1.0)
"""Seconds until what was killed is started again."""
AFTERWARDS = 3
"""Seconds for which people go on after the last kill: what stands must still be able to write."""

SWEPT = (LEASE + timedelta(minutes=2)).total_seconds()
"""Seconds after which the sweeper has taken up whatever a dead transaction left in somebody's hands."""


@click.command()
@click.option("--db", "engine", type=click.Choice(["sqlite", "postgresql"]), required=True)
@click.option("--clients", type=POSITIVE, default=32, show_default=True)
@click.option("--kills", type=POSITIVE, default=5, show_default=True, help="Of each part in turn.")
@click.option("--port", type=ports(), default=8090, show_default=True)
@click.option("--chance", default=4, show_default=True, help="What the moments hang on.")
def main(engine: str, clients: int, kills: int, port: int, chance: int) -> None:
    """Kills server, job process and database by turns while people write, and counts what is there."""
    end_tidily()
    with (
        click.progressbar(length=1, label="Data") as bar,
        installed(engine, port, lambda done, total: bar.update(1)) as place,
    ):
        app = place.database.app()
        with app.app_context():
            found = landmarks(db.session.connection())
            db.session.rollback()
            start = verdict.before(found)
            db.session.rollback()
            for part in ("server", "consumer"):
                place.start(part)
            people = crew(found, port, clients)
            downs = _disturb(place, people, kills, random.Random(chance))
            sent = [one for person in people for one in person.sent]
            db.engine.dispose()
            quiet = _wait_for_quiet()
            wrong = list(verdict.faults(found, start, sent))
            db.session.rollback()
        wrong += _as_people_saw_it(people)
        wrong += place.mistakes()
        wrong += [f"{part} has ended by itself" for part in place.ended()]
        checked = place.run("audit", "periksa")
        if checked.returncode:
            wrong.append(f"flask audit periksa: {checked.stderr.strip()}")
        _print(people, sent, downs, quiet, checked.stdout.strip().splitlines()[-1:])
    for line in wrong:
        click.echo(f"WRONG: {line}")
    sys.exit(1 if wrong else 0)


def _disturb(
    place: Installation, people: list[Person], kills: int, chance: random.Random
) -> dict[str, list[float]]:
    """Lets people work while parts are killed and started; the seconds that each took to come back."""
    stop = threading.Event()
    threads = [threading.Thread(target=person.work, args=[stop]) for person in people]
    for thread in threads:
        thread.start()
    downs: dict[str, list[float]] = {part: [] for part in place.parts}
    try:
        wait_for(lambda: all(person.sent for person in people), "everybody to be at work")
        for _ in range(kills):
            for part in place.parts:
                time.sleep(chance.uniform(*BETWEEN))
                place.kill(part)
                time.sleep(chance.uniform(*DOWN))
                downs[part].append(place.start(part))
        time.sleep(AFTERWARDS)
    finally:
        stop.set()  # also if a part did not come back: nobody works on for ever
        for thread in threads:
            thread.join()
    return downs


def _wait_for_quiet() -> float:
    """The seconds until papers and jobs were finished, or until they should have been."""
    began = time.monotonic()
    while not verdict.is_quiet() and time.monotonic() - began < SWEPT:
        time.sleep(0.2)
    return time.monotonic() - began


def _as_people_saw_it(people: list[Person]) -> list[str]:
    """No form was refused, and nobody saw a mistake of ours."""
    answers = sum((person.answers for person in people), Counter[int]())
    wrong = [f"{n} answers {status}" for status, n in answers.items() if status not in (303, 503)]
    return wrong + [refusal for person in people for refusal in person.refused if "503" not in refusal]


def _print(
    people: list[Person], sent: list[Sent], downs: dict[str, list[float]], quiet: float, chains: list[str]
) -> None:
    for part, seconds in downs.items():
        click.echo(f"{part:<18}{len(seconds)} kills, back after {max(seconds):.1f} s at most")
    for act in Act:
        mine = [one for one in sent if one.order.act is act]
        again = sum(one.times > 1 for one in mine)
        done = sum(one.acknowledged for one in mine)
        click.echo(f"{act:<18}{len(mine)} forms, {again} sent again, {done} acknowledged")
    answers = sum((person.answers for person in people), Counter[int]())
    broken = sum(person.broken for person in people)
    listed = ", ".join(f"{n} × {status}" for status, n in sorted(answers.items()))
    click.echo(f"{'answers':<18}{listed}; {broken} broken lines")
    click.echo(f"{'papers and jobs':<18}quiet {quiet:.1f} s after the last form")
    click.echo(f"{'trail':<18}{' '.join(chains)}")


if __name__ == "__main__":
    main()
