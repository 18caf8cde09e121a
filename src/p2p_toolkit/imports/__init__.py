"""Data that others publish, as drafts of records of one's own."""
