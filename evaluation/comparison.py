"""Two runs over the same items: is A better than B, by how much, and how sure is that."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace

from engines.errors import InputError
from evaluation.bootstrap import mean_interval, sign_flip_p
from evaluation.metrics_profiles import DEFAULT, PROFILES

# Where a report keeps its scores: item name -> metric -> value or None.
_PER_ITEM = ("per_image", "per_reference", "per_sentence", "per_text")
# Of what is no fusion metric.
_LOWER_IS_BETTER = frozenset({"mask_share"})
_SURE = 0.05


@dataclass(frozen=True)
class Difference:
    """One metric of A and B over the items that have it in both.

    Attributes:
        n: How many items.
        a: Mean of A.
        b: Mean of B.
        difference: Mean of A - B.
        interval: Its 95 % bootstrap interval, items of one picture drawn together; None for a single picture.
        better_share: Share of the items in which A is better; ties count half.
        p: Chance of a difference this large were A and B equally good (signs flipped per picture).
        p_adjusted: p after Holm's correction for the number of metrics compared.
        verdict: "A" or "B" where that one is better at p_adjusted < 0.05, else "undecided".
    """

    n: int
    a: float
    b: float
    difference: float
    interval: tuple[float, float] | None
    better_share: float
    p: float
    p_adjusted: float
    verdict: str


def compare(a: dict, b: dict) -> dict:
    """Compare two reports of one kind item by item.

    Args:
        a: A report of `python -m evaluation` with scores per item.
        b: The other.

    Returns:
        {"n": items in both, "only_in_a", "only_in_b": their numbers, "metrics": {metric: Difference as a dict}}.

    Raises:
        InputError: No scores per item, no item in both, or fusion metrics of different profiles.
    """
    profiles = [report.get("settings", {}).get("profile") for report in (a, b)]
    if profiles[0] != profiles[1]:
        raise InputError(
            f"Both reports must be of one metric profile, but they are of {profiles[0]} and {profiles[1]}."
        )
    items_a, items_b = _items(a), _items(b)
    both = [name for name in items_a if name in items_b]
    if not both:
        raise InputError("The reports must be about the same items, but have none in common.")
    metrics = [metric for metric in items_a[both[0]] if metric in items_b[both[0]]]
    found = {}
    for metric in metrics:
        pairs = [(name, items_a[name].get(metric), items_b[name].get(metric)) for name in both]
        pairs = [(name, left, right) for name, left, right in pairs if _is_number(left) and _is_number(right)]
        if pairs:
            found[metric] = _difference(pairs, _lower_is_better(metric, profiles[0]))
    return {
        "n": len(both),
        "only_in_a": len(items_a) - len(both),
        "only_in_b": len(items_b) - len(both),
        "metrics": {metric: asdict(difference) for metric, difference in _adjusted(found).items()},
    }


def _items(report: dict) -> Mapping[str, Mapping[str, float | None]]:
    for key in _PER_ITEM:
        items = report.get(key)
        if isinstance(items, dict) and items and all(isinstance(scores, dict) for scores in items.values()):
            return items
    raise InputError(f"A report to compare must have scores per item ({', '.join(_PER_ITEM)}), but one has none.")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _lower_is_better(metric: str, profile: str | None) -> bool:
    known = PROFILES[profile if profile in PROFILES else DEFAULT].metrics
    return metric in _LOWER_IS_BETTER or metric in known and known[metric].better == "lower"


def _difference(pairs: Sequence[tuple[str, float, float]], lower_is_better: bool) -> Difference:
    names, left, right = zip(*pairs, strict=True)
    # Items of one picture, such as its references, are named PICTURE#1, PICTURE#2, …
    pictures = [name.partition("#")[0] for name in names]
    differences = [one - other for one, other in zip(left, right, strict=True)]
    mean = sum(differences) / len(differences)
    gains = [-difference if lower_is_better else difference for difference in differences]
    better = sum(1.0 if gain > 0 else 0.5 if gain == 0 else 0.0 for gain in gains) / len(gains)
    p = sign_flip_p(differences, pictures)
    verdict = "A" if (mean > 0) != lower_is_better else "B"
    interval = mean_interval(differences, pictures)
    return Difference(len(names), sum(left) / len(left), sum(right) / len(right), mean, interval, better, p, p, verdict)


def _adjusted(found: Mapping[str, Difference]) -> dict[str, Difference]:
    """Holm's step-down correction: the smallest p times the number of metrics, the next times one fewer, …"""
    adjusted: dict[str, float] = {}
    largest = 0.0
    for rank, metric in enumerate(sorted(found, key=lambda metric: found[metric].p)):
        largest = max(largest, min(1.0, found[metric].p * (len(found) - rank)))
        adjusted[metric] = largest
    return {
        metric: replace(
            difference,
            p_adjusted=adjusted[metric],
            verdict=difference.verdict if adjusted[metric] < _SURE else "undecided",
        )
        for metric, difference in found.items()
    }
