"""`python -m mcescalate` is the command `mcescalate`."""

import sys

from mcescalate.cli import main

sys.exit(main())
