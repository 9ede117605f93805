"""Trained models as files: which ship, how they are loaded and asked, how they are written."""
