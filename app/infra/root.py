"""Where the project lies; here alone, so that a small program learns it without reading all settings."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]  # where its programs run, whoever starts them from where
