"""People: who is in the directory, what they chose, who takes part in a round."""
