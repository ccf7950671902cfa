"""The page that answers questions: a conversation, and what its answers rest on."""
