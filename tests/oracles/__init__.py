"""Slow, obvious twins of what the package computes, derived on their own and run in float64."""

import pytest

pytest.register_assert_rewrite("oracles.closeness")
