"""How the properties are tried: the same examples each time, or `HYPOTHESIS_PROFILE=search` for new ones."""

import os

from hypothesis import HealthCheck, settings

# Whole books are slow to draw, and that is no fault of the code under test.
_CALM = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("steady", deadline=None, derandomize=True, max_examples=150, suppress_health_check=_CALM)
settings.register_profile("search", deadline=None, max_examples=3000, suppress_health_check=_CALM)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))
