"""Choices a person has, apart from the engine; kept free of imports so that the command line starts at once."""

PARSERS = ("auto", "llama", "rules")
PRESETS = ("fast", "paper")
