"""From logits to text and confidence."""
