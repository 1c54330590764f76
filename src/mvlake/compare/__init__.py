"""How two versions differ, and whether a replay reproduced: pure functions on records."""
