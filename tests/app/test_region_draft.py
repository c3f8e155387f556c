from __future__ import annotations

import numpy as np
import pytest

from app.pipeline import Outcome
from app.region_draft import UNION, RegionDraft
from engines import Edit, FusionResult, ImagePair, InputError, Instruction, Region
from engines.masks import mask_box

SHAPE = (20, 40)
NOTHING = np.zeros(SHAPE, bool)


def box_mask(x0: int, x1: int) -> np.ndarray:
    mask = np.zeros(SHAPE, np.float32)
    mask[5:15, x0:x1] = 0.8
    return mask


def region(label: str, *extents: tuple[int, int]) -> Region:
    """A region of as many single things as extents are given."""
    parts = tuple(Region(label, box_mask(*extent), 0.5, mask_box(box_mask(*extent))) for extent in extents)
    union = np.maximum.reduce([np.zeros(SHAPE, np.float32), *(part.mask for part in parts)])
    return Region(label, union, 0.5, mask_box(union), parts if len(parts) > 1 else ())


@pytest.fixture
def draft() -> RegionDraft:
    """Two cars, which are to be brightened and denoised, a cone, a sky that was not found, and the whole picture."""
    edits = (
        Edit("cars", "brighten"),
        Edit("cars", "denoise"),
        Edit("cone", "infrared"),
        Edit("sky", "darken"),
        Edit(None, "visible"),
    )
    regions = [region("cars", (2, 8), (10, 16)), region("cars", (2, 8), (10, 16)), region("cone", (30, 34))]
    regions += [region("sky"), Region("whole picture", np.ones(SHAPE, np.float32), 1.0, (0, 0, 40, 20))]
    pair = ImagePair(np.zeros((*SHAPE, 3), np.float32), np.zeros(SHAPE, np.float32))
    result = FusionResult(pair.visible, regions=regions)
    return RegionDraft.of(Outcome(pair, Instruction("do it", edits), "terf", "", result, {}, ()))


def columns(mask: np.ndarray) -> list[int]:
    return np.flatnonzero((mask >= 0.5).any(axis=0)).tolist()


def strip(x0: int, x1: int) -> np.ndarray:
    return box_mask(x0, x1) > 0


def test_everything_with_a_mask_has_a_key(draft):
    assert draft.places() == [
        ("all regions together", UNION),
        ("cars", "0"),
        ("cars: 1 of 2", "0.0"),
        ("cars: 2 of 2", "0.1"),
        ("cone", "1"),
        ("sky (nothing yet)", "2"),
    ]
    assert columns(draft.mask(UNION)) == [*range(2, 8), *range(10, 16), *range(30, 34)]
    assert columns(draft.mask("0.1")) == [*range(10, 16)] and columns(draft.mask("2")) == []


def test_painting_a_region_changes_what_was_touched_only(draft):
    cars = draft.painted("0", strip(20, 22), strip(2, 5)).regions[0]
    assert columns(cars.mask) == [*range(5, 8), *range(10, 16), 20, 21]
    assert cars.mask[6, 6] == np.float32(0.8) and cars.mask[6, 20] == 1.0 and cars.score == 1.0
    assert cars.box == (5, 5, 22, 15)
    assert [columns(part.mask) for part in cars.parts] == [[5, 6, 7], [*range(10, 16)]]


def test_a_region_that_was_not_found_can_be_painted(draft):
    painted = draft.painted("2", strip(0, 3), NOTHING)
    assert painted.places()[-1] == ("sky", "2") and painted.regions[2].box == (0, 5, 3, 15)


def test_painting_the_union(draft):
    # What is removed leaves every region; what is added joins the nearest one, here the cone.
    painted = draft.painted(UNION, strip(35, 37), strip(0, 10))
    assert columns(painted.regions[0].mask) == [*range(10, 16)]
    assert columns(painted.regions[1].mask) == [30, 31, 32, 33, 35, 36]
    assert painted.regions[2] is draft.regions[2]


def test_painting_a_single_thing_changes_its_region(draft):
    painted = draft.painted("0.1", strip(16, 18), strip(10, 12)).regions[0]
    assert columns(painted.mask) == [*range(2, 8), *range(12, 18)]
    assert columns(painted.parts[1].mask) == [*range(12, 18)]


def test_deleting_a_single_thing(draft):
    left = draft.without("0.0")
    assert columns(left.regions[0].mask) == [*range(10, 16)] and left.edits == draft.edits
    assert ("cars: 1 of 2", "0.0") not in left.places()


def test_deleting_a_region_takes_its_edits_along(draft):
    left = draft.without("0")
    assert [edit.region for edit in left.edits] == ["cone", "sky", None]
    assert [region.label for region in left.regions] == ["cone", "sky"]
    assert draft.without(UNION).edits == (Edit(None, "visible"),)


def test_the_instruction_carries_edits_and_masks(draft):
    instruction = draft.without("1").painted("0", strip(20, 22), NOTHING).instruction
    assert [edit.region for edit in instruction.edits] == ["cars", "cars", "sky", None]
    assert instruction.text == "do it" and instruction.parser == "edited"
    assert columns(instruction.known_region("cars").mask)[-1] == 21
    assert instruction.known_region("cone") is None


def test_a_key_of_nothing_is_refused(draft):
    for key in ("7", "0.5", "x"):
        with pytest.raises(InputError, match="no longer there"):
            draft.mask(key)


def test_painting_nothing_changes_nothing(draft):
    assert draft.painted("0", NOTHING, NOTHING).regions[0] is draft.regions[0]
