"""Variables: the environment variables that mvlake reads, all of them."""

LAKE = "MVLAKE_LAKE"
"""Where the lake is, when no path is given."""

USER = "MVLAKE_USER"
"""Who writes, where the machine's own user name says nothing (in CI)."""

CAPTURE_TO = "MVLAKE_CAPTURE_TO"
"""Where captures go instead of the lake: a replay sets it, so that what it runs never writes into the lake."""

RESTORE = "MVLAKE_RESTORE"
"""The file with the states of generators of random numbers that the kernel of a replay puts back before its cells."""

WORLD = "MVLAKE_WORLD"
"""The file with what the kernel of a replay is told of the world that it stands for."""

DISABLE = "MVLAKE_DISABLE"
"""Anything but empty: no cell is tracked."""

CARD = "MVLAKE_CARD"
"""`off`: nothing is shown after a tracked cell."""

WIDGET = "MVLAKE_WIDGET"
"""`off`: a comparison is shown as the page that every front end can show, without the widget."""

HELD = "MVLAKE_HELD"
"""How many MB of the user's data may be held in memory until they are written; a quarter of all memory when not given."""

CACHE = "MVLAKE_CACHE"
"""How many GB of the objects of a lake in a bucket may be kept on this machine; 4 when not given, 0 for none."""

AUDIT = "MVLAKE_AUDIT"
"""`off`: no audit hook is installed, which could not be removed again; files are then found by the other sources alone."""

DATA = "MVLAKE_DATA"
"""How much of data is kept where a cell does not say: `full`, `profile` or `none`. Never more than the lake's policy allows."""

CEILING = "MVLAKE_CEILING"
"""The size (`500 MB`) above which only the profile of an object is kept, in place of the policy's `ceiling`."""

COLUMNS = "MVLAKE_COLUMNS"
"""What becomes of columns: `hash:*email*, drop@fraud:ssn` (action, the version's name, pattern of column names)."""

ALLOW = "MVLAKE_ALLOW"
"""What is not to be redacted, with spaces or commas between: hashes as marks show them, and names of rules."""
