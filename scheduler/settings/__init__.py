"""config/ files to checked values; every error says file, line, key and what would be right."""
