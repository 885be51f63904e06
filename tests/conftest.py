"""What all tests share."""

import os
from functools import cache

from hypothesis import HealthCheck, settings
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.scriptrunner import script_runner

# Tests that need workers start their own; no page under test may start a cluster. This address answers nobody.
os.environ.setdefault("RNN_SCHEDULER", "tcp://127.0.0.1:9")

# A busy machine is no failure: Hypothesis shall not judge by the clock.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

# Each page under test looks through all installed packages for elements, which takes longer than the page itself; they
# are the same packages every time.
manifest_scanner.scan_component_manifests = cache(manifest_scanner.scan_component_manifests)

# After each run of a page Streamlit clears the session of a Keras that is loaded, which collects garbage in the whole
# process and takes ten times as long as the page itself. A server of ours never loads Keras; other tests do.
script_runner._clean_problem_modules = lambda: None
