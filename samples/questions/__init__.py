"""The project's own question bank: forms written by hand, their parameters drawn, their gold counted by brute force.

    python -m samples.questions OUT          a corpus of its own and ``questions.jsonl`` over it

``forms/*.toml`` holds the wordings with what they mean. ``corpus`` makes the reports, ``truth`` says what each of them
states, ``drawing`` fills in bodies, years and bounds, ``gold`` counts the answers from the truth alone, and ``judge``
holds an answer against them. Nothing here uses code of ``assistant``: the bank would not notice its mistakes.
"""
