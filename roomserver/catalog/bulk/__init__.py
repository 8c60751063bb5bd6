"""Sessions, registrants and the schedule as spreadsheets: written, read, and planned as a change of the catalog."""
