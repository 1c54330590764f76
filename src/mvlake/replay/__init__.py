"""A version runs again under papermill."""
