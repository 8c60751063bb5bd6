"""Recordings in the application: known to the catalog, rendered by turns, kept as long as settings say."""
