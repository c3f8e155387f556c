"""Choices a person has, apart from the engine; kept free of imports so that the command line starts at once."""

PARSERS = ("auto", "llama", "rules")
# Before the path or registry name of another GGUF model: "llama:/path/model.gguf".
LLAMA_PREFIX = "llama:"
PRESETS = ("fast", "paper")
