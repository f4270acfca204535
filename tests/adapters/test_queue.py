from __future__ import annotations

from ilp.adapters import queue
from ilp.core.clock import now
from ilp.core.config import current


def test_ids_travel_to_the_job_process(committed):
    app, worked = committed.app(), []
    with app.app_context():
        queue.wake(17)
        queue.wake()
        huey = queue.connect(current(), worked.append)
        while (task := huey.dequeue()) is not None:
            huey.execute(task)
        huey.storage.close()
    assert worked == [17, None]


def test_a_sign_of_life_is_seen_from_other_processes(committed):
    with committed.app().app_context():
        assert queue.last_beat() is None
        queue.beat()
        seen = queue.last_beat()
    assert seen is not None
    assert 0 <= (now() - seen).total_seconds() < 10
