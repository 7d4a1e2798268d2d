"""An embedded Microsoft 365 tenant: the same HTTP, no cloud. Shares no code with the product."""
