"""What HR configured: programmes, their rules, windows and cadence."""
