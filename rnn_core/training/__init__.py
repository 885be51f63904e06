"""What carries the trainings: spec → queue → worker → run store → page.

    spec.py      what is to be trained, its bounds, what it will cost
    store/       the run store, the single source of truth; its head says how nothing is lost or doubled
    tables.py    its tables
    runs.py      what it knows of a run: states, curves, events
    files.py     a run's files of arrays
    kept.py      which of its epochs' weights a run keeps
    diary.py     what a run's numbers say, as lines of its log
    told.py      why a run went wrong, and what befell it
    web/         the web process' side: the Trainer, which starts the cluster and gives it the runs that wait
    worker/      the worker's side: a training from its spec to its weights

Both sides use what stands here, the web side names the worker's functions when it sends them there, and the worker's
side knows nothing of the web's. Keras and TensorFlow are imported by workers alone.

A run's states: queued → starting → compiling → running ⇄ paused → done | stopped | failed | diverged | interrupted.

A cluster elsewhere (RNN_SCHEDULER) needs workers that see the same store and folder, started with
`dask worker ADDRESS --nthreads 2 --resources training=1 --preload rnn_core.training.worker.setup`.
"""
