"""From a normalised address to its levels."""
