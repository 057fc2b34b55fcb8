"""Not read yet."""

TABLE: dict[str, object] = {}
