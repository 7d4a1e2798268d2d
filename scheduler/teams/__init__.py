"""Cards and messages in Teams. Speaks outward only."""
