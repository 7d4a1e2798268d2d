"""Roster, availability, rules and history in; a plan out. Pure."""
