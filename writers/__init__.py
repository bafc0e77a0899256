"""Write what we send: acknowledgments, remittances, and their readable twins."""
