"""What the app teaches: the glossary and its sources."""
