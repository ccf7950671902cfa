"""A Plan as a language model may draft it: what it is offered, what it may say, and what is checked first."""
