"""How long the fine-tuning runs and on how much of the picture: as in the paper, and for two processor cores."""

from __future__ import annotations

from dataclasses import dataclass

from finetune_units.views import Mosaic, Reduced, View


@dataclass(frozen=True)
class Schedule:
    """One repetition of an optimisation.

    Steps times learning rate is how far Adam can go; an inclination of fewer steps at a higher rate ends at another
    picture, even where that product is kept.

    Attributes:
        steps: Optimisation steps.
        learning_rate: Of Adam.
        view: What a step sees; None for the whole picture. The tuned network is always applied to the whole.
        haste: Factor of the rate where every step sees other windows: their gradients disagree, so Adam gets less far.
        falling: Whether the rate falls to zero over every repetition, so that the last windows seen do not count most.
        head_start: Share of an inclination's head start that is taken before the first step.
        ahead: What to do instead where a head start is known and, for an inclination, the picture is larger than the
            windows.
    """

    steps: int
    learning_rate: float
    view: View | None = None
    haste: float = 1.0
    falling: bool = False
    head_start: float = 0.0
    ahead: Schedule | None = None


@dataclass(frozen=True)
class Preset:
    """Settings of the three kinds of fine-tuning.

    Attributes:
        context: Pixels around a region's box that are tuned with it; None for the whole picture. Inclination is tuned
            on the whole picture where that helps the region, see `engines.terf.engine`; illumination always sees it.
        inclination: Towards visible or infrared.
        illumination: Brighten and darken; further repetitions need no steps.
        denoising: Noise removal.
        illumination_channels: Of each of the three units' hidden features.
        denoising_channels: Of the unit's hidden features.
        seed: Of initial weights and windows; the same seed gives the same picture.
    """

    context: int | None
    inclination: Schedule
    illumination: Schedule
    denoising: Schedule
    illumination_channels: int = 32
    denoising_channels: int = 48
    seed: int = 0


PAPER = Preset(
    context=None,
    inclination=Schedule(steps=50, learning_rate=8e-5),
    illumination=Schedule(steps=500, learning_rate=5e-4),
    denoising=Schedule(steps=100, learning_rate=1e-3),
)
FAST = Preset(
    context=32,
    # A head start and 25 falling steps take less time than 50 steps from afar. Pictures that change much end nearer to
    # where all of their pixels lead, or as near; one that hardly changes ended less near, where nobody sees it.
    inclination=Schedule(
        steps=50,
        learning_rate=8e-5,
        view=Mosaic(side=60, rows=2, columns=3),
        haste=1.4,
        ahead=Schedule(
            steps=25,
            learning_rate=8e-5,
            view=Mosaic(side=84, rows=2, columns=3),
            haste=1.6,
            falling=True,
            head_start=0.6,
        ),
    ),
    # The decomposition is near to where the paper's ends after a tenth of its steps, leaves again, and comes back after
    # three hundred; on so few pixels it comes back elsewhere.
    illumination=Schedule(steps=50, learning_rate=5e-4, view=Reduced(1000)),
    # From random weights, a hundred steps on windows get half as far as the paper's on the whole picture.
    denoising=Schedule(
        steps=100,
        learning_rate=1e-3,
        view=Mosaic(side=48),
        # At half of that rate or half as much again it ends further from the paper's picture, after sixty steps, too.
        ahead=Schedule(steps=100, learning_rate=1e-3, view=Mosaic(side=48), falling=True),
    ),
)
PRESETS: dict[str, Preset] = {"paper": PAPER, "fast": FAST}
