"""What lessons compute: numbers, no text on the screen. A module has the name of its lesson."""
