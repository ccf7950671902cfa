"""From words to a Plan: vocabulary, entity linking, scope, metrics, conditions, follow-ups."""
