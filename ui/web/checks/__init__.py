"""The page that shows what doesn't add up in the reports, and what people found when they looked."""
