"""Two reports against one another: their figures, and their texts sentence by sentence."""
