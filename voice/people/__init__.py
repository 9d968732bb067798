"""A call whose agent speaks through the desk page: the line is held here, the sound is mixed."""
