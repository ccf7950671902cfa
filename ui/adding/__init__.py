"""Adding reports in the background: what the web chat and the HTTP API take reports in with."""
