"""Grids: which grid a point lies in, their published H3 cover, and checks of a drawn layer."""
