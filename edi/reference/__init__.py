"""The plain Python scanner: the reading of the rules that the compiled one is held to."""
