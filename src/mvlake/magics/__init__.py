"""The %mv and %%track of a notebook."""
