"""The page that shows the reports: to browse, to search, to read, to compare."""
