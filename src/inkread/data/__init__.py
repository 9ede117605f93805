"""Training data: where pictures come from, how they are split, varied and put into batches."""
