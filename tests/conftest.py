"""What all tests share."""

import os

# Tests that need workers start their own; no page under test may start a cluster. This address answers nobody.
os.environ.setdefault("RNN_SCHEDULER", "tcp://127.0.0.1:9")
