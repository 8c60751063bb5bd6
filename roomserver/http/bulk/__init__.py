"""Spreadsheets over HTTP: export, template and import of sessions, registrants and the schedule."""
