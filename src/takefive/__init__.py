"""Takefive reads the world's new podcasts and gives each reader five insights every morning, each with its proof."""

__version__ = "0.1.0"
