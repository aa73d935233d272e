"""One class a page."""
