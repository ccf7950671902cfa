"""The optional language model: it widens what is understood and words what is answered, and claims nothing itself."""
