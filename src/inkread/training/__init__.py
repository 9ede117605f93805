"""Training: recipes, the loop that survives a crash, and the calibration of what came out."""
