"""Simpul ILP: the coordination behind the integration of primary health care."""
