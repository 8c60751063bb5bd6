"""Speed, always beside the bare limit in the same run. See README.md in this folder."""
