"""What other tools load from us: each folder is a path that such a tool is given."""
