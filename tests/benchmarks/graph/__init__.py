"""What the Graph client costs, and how much of Graph's limits it uses."""
