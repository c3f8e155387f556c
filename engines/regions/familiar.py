"""Words that a small referring head never read, said as it learnt them: "streetlight" as "street lamp"."""

from __future__ import annotations

import re

# Mean IoU on 12 or 14 training pictures with such things: for "street lights" 0.01, as it marks the road, for "street
# lamps" 0.36; "road barrier" 0.18, "barrier" 0.48; "pylon" 0.08, "traffic cone" 0.31; "mast" 0.01, "pole" 0.18;
# "figure" 0.00, "person" 0.55; "manhole" 0.13, "manhole cover" 0.22; "motorcar" 0.65, "car" 0.75.
_LEARNT: tuple[tuple[str, str], ...] = (
    (r"street[\s-]?(?:lights|lighting)|luminaires|lanterns|lampposts", "street lamps"),
    (r"street[\s-]?light|luminaire|lantern|lamppost", "street lamp"),
    (r"(?:traffic|stop)\s+signals|stop[\s-]?lights", "traffic lights"),
    (r"(?:traffic|stop)\s+signal|stop[\s-]?light", "traffic light"),
    (r"(?:road|crash|traffic)\s+barriers|road\s?blocks", "barriers"),
    (r"(?:road|crash|traffic)\s+barrier|road\s?block", "barrier"),
    (r"pylons", "traffic cones"),
    (r"pylon", "traffic cone"),
    (r"motor[\s-]?cars", "cars"),
    (r"motor[\s-]?car", "car"),
    (r"lorries", "trucks"),
    (r"lorry", "truck"),
    (r"bicyclists", "cyclists"),
    (r"bicyclist", "cyclist"),
    (r"(?:apartment|office|tower)\s+blocks|blocks\s+of\s+flats", "apartment buildings"),
    (r"(?:apartment|office|tower)\s+block|block\s+of\s+flats", "apartment building"),
    (r"masts", "poles"),
    (r"mast", "pole"),
    (r"figures|silhouettes", "people"),
    (r"figure|silhouette", "person"),
    (r"manholes(?!\s+cover)", "manhole covers"),
    (r"manhole(?!\s+cover)", "manhole cover"),
    (r"tarmac|tarmacadam", "asphalt"),
)
_SAID = tuple((re.compile(rf"\b(?:{words})\b", re.IGNORECASE), learnt) for words, learnt in _LEARNT)


def in_familiar_words(phrase: str) -> str:
    """A phrase with the words that the embedded head learnt in the place of those it did not."""
    for said, learnt in _SAID:
        phrase = said.sub(learnt, phrase)
    return phrase
