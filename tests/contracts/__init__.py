"""What every search space and every indicator promises: classes of tests to inherit."""

import pytest

pytest.register_assert_rewrite("contracts.search_space", "contracts.indicator", "contracts.search_method")
