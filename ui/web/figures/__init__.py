"""The page that shows figures of many reports in one table."""
