"""What a person changes about the regions of an outcome before they are composed again. No Gradio, no models."""

from __future__ import annotations

from dataclasses import dataclass, replace

import cv2
import numpy as np

from app.pipeline import EDITED, Outcome
from engines import Edit, InputError, Instruction, Region
from engines.masks import INSIDE, mask_box

UNION = "all"


@dataclass(frozen=True)
class RegionDraft:
    """Regions in the making. Immutable: every change gives a new draft.

    A place in it is named by a key: "all" for the union, "2" for the region at index 2, "2.0" for the first of the
    single things that region consists of.

    Attributes:
        text: The sentence the edits came from.
        edits: What is to be done.
        regions: Where, one per phrase; several edits may share one. A whole picture has none.
    """

    text: str
    edits: tuple[Edit, ...]
    regions: tuple[Region, ...]

    @classmethod
    def of(cls, outcome: Outcome) -> RegionDraft:
        """The regions of an outcome as they were used, those that were not found among them."""
        phrases = {edit.region for edit in outcome.instruction.edits if edit.region}
        found = {region.label: region for region in outcome.result.regions if region.label in phrases}
        return cls(outcome.instruction.text, outcome.instruction.edits, tuple(found.values()))

    @property
    def shape(self) -> tuple[int, int]:
        """Height and width of the masks."""
        return self.regions[0].mask.shape

    @property
    def instruction(self) -> Instruction:
        """The edits with the regions as they are now."""
        return Instruction(self.text, self.edits, EDITED, regions=self.regions)

    def places(self) -> list[tuple[str, str]]:
        """Name for the person and key of everything that has a mask, the union first where it is one of several."""
        named = [("all regions together", UNION)] if len(self.regions) > 1 else []
        for index, region in enumerate(self.regions):
            named.append((region.label if region.box else f"{region.label} (nothing yet)", f"{index}"))
            if len(region.parts) > 1:
                count = len(region.parts)
                named += [(f"{region.label}: {i + 1} of {count}", f"{index}.{i}") for i in range(count)]
        return named

    def mask(self, key: str) -> np.ndarray:
        """bool (H, W): what lies inside.

        Raises:
            InputError: There is no such key.
        """
        index, part = self._place(key)
        if index is None:
            return np.any([region.mask >= INSIDE for region in self.regions], axis=0)
        region = self.regions[index]
        return (region.mask if part is None else region.parts[part].mask) >= INSIDE

    def painted(self, key: str, added: np.ndarray, removed: np.ndarray) -> RegionDraft:
        """The draft after painting; what was not touched keeps its soft mask.

        Of the union, every region loses what was removed, and what was added goes to the region that lies nearest.

        Args:
            key: What was painted on.
            added: bool (H, W).
            removed: bool (H, W).
        """
        index, part = self._place(key)
        if index is None:
            owners = _nearest(self.regions)
            changed = [_touched(r, added & (owners == i), removed) for i, r in enumerate(self.regions)]
            return replace(self, regions=tuple(changed))
        region = self.regions[index]
        if part is not None:
            parts = list(region.parts)
            parts[part] = _touched(parts[part], added, removed)
            removed = removed & ~np.any([other.mask >= INSIDE for other in parts], axis=0)
            region = replace(region, parts=tuple(parts))
        return self._with(index, _touched(region, added, removed))

    def without(self, key: str) -> RegionDraft:
        """The draft without a region and its edits, without a single thing, or without all regions."""
        index, part = self._place(key)
        if index is None:
            return replace(self, edits=tuple(edit for edit in self.edits if edit.region is None), regions=())
        region = self.regions[index]
        if part is None:
            return replace(
                self,
                edits=tuple(edit for edit in self.edits if edit.region != region.label),
                regions=self.regions[:index] + self.regions[index + 1 :],
            )
        gone = region.parts[part].mask >= INSIDE
        others = region.parts[:part] + region.parts[part + 1 :]
        shared = np.any([other.mask >= INSIDE for other in others], axis=0) if others else np.zeros_like(gone)
        return self._with(index, _touched(replace(region, parts=others), np.zeros_like(gone), gone & ~shared))

    def _with(self, index: int, region: Region) -> RegionDraft:
        return replace(self, regions=(*self.regions[:index], region, *self.regions[index + 1 :]))

    def _place(self, key: str) -> tuple[int | None, int | None]:
        if key not in {known for _, known in self.places()} | {UNION}:
            raise InputError("That region is no longer there: choose another one.")
        if key == UNION:
            return None, None
        index, _, part = key.partition(".")
        return int(index), int(part) if part else None


def _touched(region: Region, added: np.ndarray, removed: np.ndarray) -> Region:
    """A region after painting; a person's word counts as certain."""
    inside = region.mask >= INSIDE
    added, removed = added & ~inside, removed & inside
    if not added.any() and not removed.any():
        return region
    mask = np.where(added, np.float32(1.0), np.where(removed, np.float32(0.0), region.mask))
    parts = tuple(part for old in region.parts if (part := _touched(old, np.zeros_like(removed), removed)).box)
    return replace(region, mask=mask, score=1.0, box=mask_box(mask), parts=parts, notes=())


def _nearest(regions: tuple[Region, ...]) -> np.ndarray:
    """int (H, W): the index of the region that lies nearest to each pixel; one without pixels is nearest to none."""
    distances = [
        cv2.distanceTransform((region.mask < INSIDE).astype(np.uint8), cv2.DIST_L2, cv2.DIST_MASK_5)
        if region.box
        else np.full(region.mask.shape, np.inf, np.float32)
        for region in regions
    ]
    return np.argmin(distances, axis=0)
