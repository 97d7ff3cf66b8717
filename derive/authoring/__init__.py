"""A person's own lectures: Markdown with calls for whatever is proved, computed or drawn."""
