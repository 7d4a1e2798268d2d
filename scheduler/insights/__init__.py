"""What changed between teams."""
