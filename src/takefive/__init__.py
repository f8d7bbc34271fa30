"""Takefive reads the world's new podcasts and gives each reader five insights every morning, each with its proof."""

import os

# The model runtime would write an identity of this machine under the home folder and report its use to its makers.
os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")

__version__ = "0.1.0"
