"""The public way in: somebody harmed writes to the service alone, perhaps at night, perhaps on a phone that others read."""
