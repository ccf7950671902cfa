"""Reading at scale: a language model is asked of every report in scope, and its quotes are looked up in the report."""
