"""How well passages are found: questions with gold quotes over invented reports, ours beside other ways to search.

    python -m benchmarks.retrieval check|run|ablation|scale|cmrc|gate|abstention|pool --help

What each measures and what came out is in docs/retrieval.md.
"""
