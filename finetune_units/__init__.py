"""TeRF's per-image fine-tuning: source inclination, illumination and denoising of one picture or region."""

from finetune_units.presets import PRESETS, Preset
from finetune_units.tuning import FineTuning, tune

__all__ = ["PRESETS", "FineTuning", "Preset", "tune"]
