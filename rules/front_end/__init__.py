"""The edits at the front: what is looked at before a claim is taken in, and what the 277CA says of it."""
