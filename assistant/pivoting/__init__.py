"""Tables that a person puts together: which figures, of whom, what a row is and what a column, with their totals."""
