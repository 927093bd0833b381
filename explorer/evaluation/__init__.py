"""How good vectors are at tasks with known answers."""
