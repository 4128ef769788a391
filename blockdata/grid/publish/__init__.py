"""Published layers: small counts are suppressed, and with them whatever would give them away."""
