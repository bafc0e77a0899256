"""Work done by several processes side by side: results come in the order of the tasks, and few are kept at a time.

Processes are spawned and not forked: the caller may hold threads, connections and locks, none of which survives a fork.
Each has a pipe of its own, so it ends by itself when the caller is gone, however that happened.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from queue import SimpleQueue
from typing import Generic, TypeVar

from edi.trouble import Retryable

Task = TypeVar("Task")
Result = TypeVar("Result")
KEPT_A_PROCESS = 3
"""Tasks under way or done and not asked for yet."""
PATIENCE = 10.0
"""Seconds until a process that should have ended is ended."""


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
    # a daemon of multiprocessing may have no processes of its own
    count = processors() if processes is None else processes
    if count < 1 or multiprocessing.current_process().daemon:
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

    process: SpawnProcess
    pipe: Connection

    @classmethod
    def start(cls, work: Callable[[Task], Result]) -> _Worker[Task, Result]:
        context = multiprocessing.get_context("spawn")
        ours, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, work), daemon=True)
        process.start()
        theirs.close()
        return cls(process, ours)

    def do(self, task: Task) -> Result:
        try:
            self.pipe.send(task)
            result, trouble = self.pipe.recv()
        except (EOFError, OSError) as gone:
            self.process.join(PATIENCE)
            raise ProcessLost(
                f"A process that worked beside this one ended with exit code {self.process.exitcode}. Run it again; "
                "if it happens again, this machine has too little memory."
            ) from gone
        if trouble is not None:
            raise trouble
        done: Result = result
        return done

    def stop(self) -> None:
        self.pipe.close()
        self.process.join(PATIENCE)
        if self.process.is_alive():
            self.process.kill()
            self.process.join()


def _serve(pipe: Connection, work: Callable[[Task], Result]) -> None:
    """Do what comes until the other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        while True:
            task = pipe.recv()
            try:
                answer = work(task), None
            except Exception as trouble:  # noqa: BLE001 - raised where the task came from
                pipe.send((None, trouble))
            else:
                pipe.send(answer)
