"""The local cluster, a process of its own: `python -m rnn_core.training.web.cluster_process PARENT WORKERS`.

It prints one line of JSON, {"address": ...}, once its workers are ready, and lives until its standard input ends.
That pipe is held by the web process alone, so it ends however the web process ends; the workers end with this
process, by a pipe of the same kind that Dask holds. On Linux the kernel sees to it as well.
"""

from __future__ import annotations

import ctypes
import json
import os
import signal
import sys
import threading

CLOSE_SECONDS = 3.0


def _die_with(parent: int) -> None:
    """Ask Linux to kill this process when the thread that started it ends."""
    if sys.platform == "linux":
        pr_set_pdeathsig = 1
        ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
        if os.getppid() != parent:
            sys.exit(1)  # it ended before we could ask


def _give_way() -> None:
    """Let the web process go first: lower this process' priority, which its workers inherit."""
    if os.name == "posix":
        os.nice(10)
    else:
        import psutil

        psutil.Process().nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)


def _wait_for_end_of_input() -> None:
    while os.read(0, 4096):
        pass


def main(parent: int, workers: int) -> None:
    _die_with(parent)
    _give_way()

    import dask
    from distributed import LocalCluster

    dask.config.set(
        {
            # A question that brings worker after worker down is given up; trainings are queued again, see Trainer.
            "distributed.scheduler.allowed-failures": 2,
            # A long silent computation in C++ is no sign of death either.
            "distributed.scheduler.worker-ttl": None,
            # Dask gives a worker's place up if it is away some time after it was lost, even when that is another
            # time. Ours always come back; if one should not, the Trainer starts the whole cluster again.
            "distributed.deploy.lost-worker-timeout": "52 weeks",
            "distributed.comm.timeouts.connect": "60s",
            # What Dask does for its dashboard, fifty times a second in every process, trainings would pay for.
            "distributed.worker.profile.enabled": False,
            "distributed.admin.tick": {"interval": "1s", "limit": "1h", "cycle": "10s"},
            "distributed.admin.system-monitor.interval": "10s",
            "distributed.admin.system-monitor.disk": False,
            "distributed.admin.system-monitor.gil.enabled": False,
            # There is nothing to balance: the Trainer gives a worker one training when it is free.
            "distributed.scheduler.active-memory-manager.start": False,
            "distributed.scheduler.work-stealing": False,
        }
    )
    cluster = LocalCluster(
        n_workers=workers,
        threads_per_worker=2,  # a training, and a short question to Keras beside it
        resources={"training": 1},
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        memory_limit=0,
        silence_logs=False,
        preload=["rnn_core.training.worker.setup"],
    )
    print(json.dumps({"address": cluster.scheduler_address}), flush=True)
    os.dup2(2, 1)  # whatever is printed from now on belongs into the log
    _wait_for_end_of_input()
    threading.Timer(CLOSE_SECONDS, os._exit, (1,)).start()
    cluster.close(timeout=CLOSE_SECONDS)
    os._exit(0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
