"""Slots, working hours, time zones, availability."""
