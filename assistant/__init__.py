"""Answers questions: from words to a Plan, and from the Plan to a cited Answer."""
