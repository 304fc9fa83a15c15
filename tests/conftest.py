"""Look for unreachable objects as seldom as the program does: imports make a million that stay."""

import gc

from mcescalate.cli import COLLECT_AFTER

gc.set_threshold(COLLECT_AFTER)


def pytest_collection_finish() -> None:
    """Leave what imports have made out of every later search."""
    gc.collect()
    gc.freeze()
