"""Loss functions, one module per engine."""
