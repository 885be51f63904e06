"""Placeholder until the page lands."""

from pages.common.frame import frame

frame("train")
