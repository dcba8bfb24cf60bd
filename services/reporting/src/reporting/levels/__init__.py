"""What one level knows: how fresh it is, and who may ask for which part of it."""
