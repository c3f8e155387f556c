"""Errors a person can act on: each message is one sentence that says what was wrong and what to do."""


class SayFuseError(Exception):
    """Base of every error whose message is meant for the person, not for a log."""


class InputError(SayFuseError):
    """A picture, a text or an option that cannot be used as given."""


class CheckpointError(SayFuseError):
    """A checkpoint that is unknown, missing, damaged or does not fit its model."""


class Cancelled(SayFuseError):
    """Raised by a progress callback to stop the work between two steps."""
