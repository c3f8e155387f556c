"""Text-IF: degradation-aware fusion guided by a sentence."""
