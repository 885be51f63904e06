"""What holds for all tests."""

from hypothesis import HealthCheck, settings

# A busy machine is no failure: Hypothesis shall not judge by the clock.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")
