"""Witnesses that know the rules and nothing of the solver or of the product's Graph client."""
