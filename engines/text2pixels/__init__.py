"""From Text to Pixels: text-guided attention, a codebook, and a detector that shares the goal."""
