"""Stands for a web process: starts a cluster and runs, then does nothing until it is killed.

Arguments: store URL, a cluster's address or "" for one of its own, then one JSON spec per run. Prints the runs' ids.
"""

import json
import sys
import threading

from rnn_core.training.spec import TrainingSpec
from rnn_core.training.store import RunStore
from rnn_core.training.web.cluster import Trainer

if __name__ == "__main__":
    url, scheduler, *specs = sys.argv[1:]
    trainer = Trainer(RunStore(url), scheduler=scheduler, workers=2)
    print(json.dumps(trainer.start([TrainingSpec.from_json(spec) for spec in specs], "owner")), flush=True)
    threading.Event().wait()
