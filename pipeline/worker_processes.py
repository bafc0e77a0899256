"""Work done by several processes side by side: results come in the order of the tasks, and few are kept at a time.

Processes are new ones and no forks: the caller may hold threads, connections and locks, none of which survives a fork.
Nor do they load what the caller runs, be it Airflow or a test, as those of `multiprocessing` would. Each has a pipe of
its own, so it ends by itself when the caller is gone, however that happened.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import traceback
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

from edi.trouble import Retryable

Task = TypeVar("Task")
Result = TypeVar("Result")
KEPT_A_PROCESS = 3
"""Tasks under way or done and not asked for yet."""
PATIENCE = 10.0
"""Seconds until a process that should have ended is ended."""


SERVE = "from pipeline.worker_processes import serve; serve({})"


class ProcessLost(Retryable):
    """A process ended in the middle of its work: it was killed, most often for want of memory."""


def processors() -> int:
    """How many processes can run at once here."""
    return len(os.sched_getaffinity(0))


def side_by_side(
    work: Callable[[Task], Result], tasks: Iterable[Task], processes: int | None = None
) -> Iterator[Result]:
    """The result of each task, in their order.

    Args:
        work: a function of a module, without a state; its task and result can be pickled.
        tasks: asked for one by one, as there is room for more.
        processes: None: one a processor; 0: all work is done here.

    Raises:
        ProcessLost: a process was killed.
        Exception: what `work` raises.
    """
    count = processors() if processes is None else processes
    if count < 1:
        yield from map(work, tasks)
        return
    workers = [_Worker.start(work) for _ in range(count)]
    free: SimpleQueue[_Worker[Task, Result]] = SimpleQueue()
    for worker in workers:
        free.put(worker)

    def hand_over(task: Task) -> Result:
        worker = free.get()
        try:
            return worker.do(task)
        finally:
            free.put(worker)

    # a thread a process: what is done makes room for the next although nobody asks for results meanwhile
    lanes = ThreadPoolExecutor(count)
    try:
        waiting: deque[Future[Result]] = deque()
        for task in tasks:
            waiting.append(lanes.submit(hand_over, task))
            if len(waiting) >= KEPT_A_PROCESS * count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BaseException:
        for worker in workers:
            worker.process.kill()
        raise
    finally:
        lanes.shutdown(cancel_futures=True)
        for worker in workers:
            worker.stop()


@dataclass(frozen=True, slots=True)
class _Worker(Generic[Task, Result]):
    """A process and our end of its pipe."""

    process: subprocess.Popen[bytes]
    pipe: Connection

    @classmethod
    def start(cls, work: Callable[[Task], Result]) -> _Worker[Task, Result]:
        ours, theirs = Pipe()
        number = theirs.fileno()
        process = subprocess.Popen(  # noqa: S603 - our own interpreter with our own words
            [sys.executable, "-P", "-c", SERVE.format(number)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(each for each in sys.path if each)},
            pass_fds=[number],
            stdin=subprocess.DEVNULL,
        )
        theirs.close()
        ours.send(work)
        return cls(process, ours)

    def do(self, task: Task) -> Result:
        try:
            self.pipe.send(task)
            result, trouble = self.pipe.recv()
        except (EOFError, OSError) as gone:
            code = self.process.wait(PATIENCE)
            raise ProcessLost(
                f"A process that worked beside this one ended with exit code {code}. Run it again; if it happens "
                "again, this machine has too little memory."
            ) from gone
        if trouble is not None:
            raise trouble
        done: Result = result
        return done

    def stop(self) -> None:
        self.pipe.close()
        try:
            self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def serve(number: int) -> None:
    """What a process does: it learns its work from the pipe of this number, then does what comes until it is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    pipe: Connection = Connection(number)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        work: Callable[[Any], Any] = pipe.recv()
        while True:
            task = pipe.recv()
            try:
                answer = work(task), None
            except Exception as trouble:  # noqa: BLE001 - raised where the task came from
                trouble.add_note("".join(traceback.format_tb(trouble.__traceback__)))
                pipe.send((None, trouble))
            else:
                pipe.send(answer)
