"""The page that takes in new reports."""
