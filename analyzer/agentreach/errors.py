"""The exceptions a caller may see.

    AgentReachError
    ├── UsageError            a flag, a path or a pattern cannot be used as given
    │   └── MissingExtraError      a command needs an optional dependency
    ├── ConfigurationError    agentreach.toml has a mistake
    └── AmbiguousIdentityErrora name fits several identities

What is wrong with *scanned* text is never an exception: it travels as `model.Broken`,
`model.Skipped` or `model.Unknown`.
"""


class AgentReachError(Exception):
    """Base of all errors; its text says what, where, why, and what to do next."""


class UsageError(AgentReachError):
    """A flag, a path or a pattern cannot be used as given."""


class MissingExtraError(UsageError):
    """A command needs an optional dependency; the text has the exact install line."""


class ConfigurationError(AgentReachError):
    """A configuration file has a mistake; the text names file, key and the nearest valid key."""


class AmbiguousIdentityError(AgentReachError):
    """A name fits several identities; the text lists the candidates."""
