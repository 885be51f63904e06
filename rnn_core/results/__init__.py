"""Recorded figures: the article's own curves, and what each cell has learnt at delayed recall."""
