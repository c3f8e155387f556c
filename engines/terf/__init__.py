"""TeRF: text-driven, region-aware fusion with per-image fine-tuning units."""
