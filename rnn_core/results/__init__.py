"""Recorded figures: the article's own curves."""
