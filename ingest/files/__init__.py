"""Finds files, tells what they are, opens archives, and reads each within limits."""
