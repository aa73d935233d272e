"""What is printed of a case: each paper for those alone whom it names, and nothing of how to reach anybody."""
