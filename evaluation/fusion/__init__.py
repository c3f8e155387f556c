"""The fusion metrics one by one; `evaluation.metrics` computes them together."""
