"""What every answer is made of: the inquiry, observations, citations, coverage, wording."""
