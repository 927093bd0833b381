"""Spaces that open without a file: real ones made by others, and ones whose truth is known."""
