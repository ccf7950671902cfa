"""The checks of sentences about figures, by what a claim is about."""
