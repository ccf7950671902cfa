"""Plans about figures, computed exactly: members, values, aggregates, rankings, comparisons, shares, breakdowns."""
