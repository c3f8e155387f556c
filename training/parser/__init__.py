"""The embedded LLaMA parser: a grammar that writes instructions with their readings, and the recipe trained on it."""
