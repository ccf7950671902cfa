"""Who reports, where, and about which year; whether two texts are versions of one report."""
