"""HR exports: tables from an HR system, read without guessing and joined with the directory."""
