"""What carries the trainings: spec → queue → worker → run store → page.

A page needs three things. Nothing here imports Keras or TensorFlow; only the workers do.

    from rnn_core.training.spec import TrainingSpec, PRESETS, LIMITS, TASKS, CELLS, SpecError
    from rnn_core.training.spec import clamped, check_budget, estimate_seconds, use_xla
    from rnn_core.training.runs import Run, Curves, Event
    from rnn_core.training.store import RunStore, StoreError, StoreUnavailable
    from rnn_core.training.cluster import Trainer, TrainerError

The spec

    TrainingSpec(task, cell, units, length, samples, epochs, batch_size, learning_rate, seed, layers,
                 bidirectional, clip, early_stopping)          frozen; dataclasses.replace() to vary it
        .check() -> self             raises SpecError "unknown_choice", "not_a_number", "out_of_range", "not_a_switch"
        .to_json() -> str            TrainingSpec.from_json(text) -> spec, raises SpecError "unreadable"
        .train_samples, .validation_samples, .steps_per_epoch, .validation_steps
    clamped(raw, default=DEFAULT) -> (spec, [SpecError, ...])   the nearest usable spec, and what was changed:
                                     also "repeated", "not_whole"
    estimate_seconds(spec) -> float  check_budget(spec) -> float, raises SpecError "over_budget" with values
                                     estimate, budget, lower (a field's name), to (a number or None)
    PRESETS                          name -> spec;  LIMITS: field -> Limit(low, high, optional)

The trainer: one per web process, made once (for example in st.cache_resource); its calls return at once

    Trainer(store=None, scheduler=None, workers=None)       by default RunStore(), RNN_SCHEDULER ("" or unset: a local
                                     cluster as a child process), RNN_WORKERS (3)
        .store -> RunStore           what the pages read
        .status -> Status(code, sentence, workers)              code "starting", "ready", "unreachable"
        .start(specs, owner, group=None, names=None) -> [run_id, ...]
                                     raises SpecError, TrainerError "queue_full", "too_many_of_yours",
                                     "trainer_unreachable", StoreUnavailable
        .wish(run_id, owner, wish) -> Run                       "stop", "pause", "resume", "one_more_epoch"
                                     raises NoSuchRun, NotOwner, WishImpossible "cannot_pause", "cannot_resume",
                                     "cannot_extend"
        .resume(run_id, owner) -> Run
        .queue_position(run_id) -> int                          1 is next, 0 does not wait
        .ask(function, *args, timeout=30.0) -> concurrent.futures.Future
                                     function(*args) run by a worker that has Keras; answers are kept
        .close()

`owner` is a secret token of the visitor's; the store keeps its hash.

The store

    RunStore(url=None, folder=None)  RNN_STORE_URL or var/runs.sqlite; RNN_RUNS_DIR or "runs" beside it
        .get(run_id) -> Run          raises NoSuchRun
        .runs(ids=None, owner=None, group=None, states=None, limit=500) -> [Run, ...]     oldest first
        .curves(run_id, points=1000) -> Curves                  cheap to poll: reads only what is new
        .events(run_id) -> [Event(number, at, code, epoch, values), ...]
        .is_owner(run, owner) -> bool
        .rename(run_id, owner, name), .pin(run_id, owner, pinned), .delete(run_id, owner)
        .model_path(run_id) -> Path | None                      the .keras file
        .weights(run_id) -> {"1_lstm/lstm_cell/kernel": array, ...} | None                without Keras; the layer's
                                     number stands in front, order as in Keras' get_weights()
    Every method raises StoreUnavailable ("store_full", "store_read_only", "store_locked", "store_unreachable");
    the next call tries again.

A run's states

    queued → starting → compiling → running ⇄ paused → done | stopped | failed | diverged | interrupted

    `run.phase` is "training" or "validating" while running, `run.pausing` tells of a pause that is wished and has
    not yet taken effect, `run.problem_code`, `.problem_values`, `.problem` say why it went wrong: "diverged"
    (epoch, step, learning_rate), "interrupted" (epoch), "worker_lost" (count), "failed" (error), or the code of
    the task's own error. `run.can_stop`, `.can_pause`, `.can_resume`, `.can_extend` say which buttons make sense.
    Events: queued, started, resumed, paused, continued, gave_worker_back, lost, stopped_early, and every ending.

All errors are ValueErrors with `code` (stable) and `values` (for the sentence); str() is the English sentence.

The operator's settings, all from the environment: RNN_STORE_URL, RNN_RUNS_DIR, RNN_WORKERS, RNN_BUDGET_SECONDS, and
RNN_SCHEDULER for a cluster elsewhere, whose workers see the same store and folder and are started with
`dask worker ADDRESS --nthreads 2 --resources training=1 --preload rnn_core.training.worker_setup`.
"""
