"""What is read, stored and shown, for how long and why: one table that the product enforces."""
