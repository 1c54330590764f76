"""A live kernel's cells become drafts."""
