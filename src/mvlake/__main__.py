"""`python -m mvlake` is the `mvlake` command."""

import sys

from mvlake.cli.main import main

sys.exit(main())
