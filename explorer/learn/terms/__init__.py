"""The entries, by what they are about."""
