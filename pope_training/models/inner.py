class _Inner:
    """A value of the context that our own code alone can give: what a client sends is JSON, and never this object."""

    __slots__ = ()


INNER = _Inner()
