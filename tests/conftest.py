"""What all tests share."""

import os
from functools import cache

from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner

# Tests that need workers start their own; no page under test may start a cluster. This address answers nobody.
os.environ.setdefault("RNN_SCHEDULER", "tcp://127.0.0.1:9")

# A busy machine is no failure: Hypothesis shall not judge by the clock.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# Each page under test looks through all installed packages for elements, which takes longer than the page itself; they
# are the same packages every time.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)
