"""docs/RESULTS.md, its figures and the marked blocks of README and model cards, from the raw JSON in docs/results."""
