"""Plans about the corpus itself: which reports it holds or lacks, and where they contradict themselves."""
