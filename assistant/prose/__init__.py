"""Plans about what reports say in words: passages, who mentions what, numbers of the prose, themes, definitions."""
