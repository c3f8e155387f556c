"""Recipes that make the embedded checkpoints: `python -m training NAME --data PATH --minutes M [--resume]`."""
