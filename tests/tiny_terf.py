"""A TeRF network with every part it can have, small enough to be tuned in a test."""

from engines.terf.config import TerfConfig

TINY = TerfConfig(
    channels=8,
    growth=4,
    dense_layers=1,
    attention_channels=8,
    attention_blocks=1,
    heads=2,
    feed_forward_channels=8,
    detail_channels=8,
    detail_blocks=1,
)
