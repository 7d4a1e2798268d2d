"""The Adaptive Cards that people meet, one module each; ``kit`` is what they are made of."""
