"""Serving over HTTP, whatever is served: the gates before it, how it listens, and what is said when it fails."""
