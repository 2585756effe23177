"""The HTTP door: JSON for programs."""
