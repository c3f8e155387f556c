"""What the words do: to the contrast of what they name, inside and outside of it, and when they name nothing."""

from __future__ import annotations

from engines.registry import ENGINES
from evaluation.comparison import compare
from evaluation.metrics import METRICS
from evaluation.metrics_regions import REGIONS, RING_PIXELS
from evaluation.report.results import DATA, Results, Run
from evaluation.report.section import Section
from evaluation.report.tables import NONE, table

_DATA_SETS = ("msrs_ris", "roadscene_ris")
_REGION_METRICS = ("EN", "SD", "AG", "MI", "VIF", "Qabf", "SSIM", "Nabf")
# Enough to tell, few enough to be measured in a minute.
_REFERENCES = 40
_CONTRASTS = 100
# The only one that takes masks and was taught more than to highlight.
_GUIDED = "tesg"


def section(results: Results) -> Section:
    """Four tables."""
    made = Section("What the words change")
    _contrast(made, results)
    _guided(made, results)
    _regions(made, results)
    _absent(made, results)
    made.promise("contrast", f"guidance-{_GUIDED}", "regions", "absent")
    return made


def _contrast(made: Section, results: Results) -> None:
    made.say("### Does the named thing stand out, and only when it is named?")
    runs = {
        data: Run(
            f"contrast/{data}-val.json",
            f"ris-contrast --data {DATA}/{data} --split val --engine ris-fusion --limit {_CONTRASTS}",
        )
        for data in _DATA_SETS
    }
    rows = []
    for data, report in results.get_all(runs).items():
        parts = {f"{data} val": report, **report.get("per_kind", {}), **report.get("per_time", {})}
        for name, part in parts.items():
            mean, gain = part["mean"], part["gain"]
            gains = [NONE if gain[text] is None else f"{gain[text]:+.1f} %" for text in ("right", "wrong")]
            cells = [f"{mean[text]:.3f}" for text in ("none", "right", "wrong")]
            rows.append([name, str(part["n"]), *cells, *gains, f"{part['raised']:.0f} %" if "raised" in part else NONE])
    if not rows:
        made.say("Not measured yet: see the commands below.")
        return
    header = "RIS-FUSION|references|without text|right text|wrong text|right: gain|wrong: gain|raised by the right text"
    made.share("contrast", table(header.split("|"), rows))
    made.say(
        "Contrast: difference of the mean luma in the annotated mask and within 15 pixels around it, over their pooled "
        "standard deviation. The wrong text is another reference to the same picture whose mask shares no pixel. A "
        "method that reads its text raises the right one and leaves the wrong one. What is measured is the picture as "
        "the app shows it, with the engine's own emphasis."
    )


def _guided(made: Section, results: Results) -> None:
    made.say("### When the mask is given")
    arguments = f"guidance --data {DATA}/msrs_ris --split val --engine {_GUIDED} --limit {_REFERENCES}"
    report = results.get(Run(f"guidance/{_GUIDED}.json", arguments, learned=True))
    if report is None:
        made.say("Not measured yet: see the commands below.")
        return
    rows = []
    for name, part in {ENGINES[_GUIDED].title: report, **report["per_kind"]}.items():
        mean = part.get("mean", part)
        changes = [f"{mean[where]:.1f}" for where in ("inside", "rim", "outside")]
        contrasts = [f"{mean[f'contrast {when}']:.3f}" for when in ("before", "after")]
        raised = f"{part['raised']:.0f} %" if "raised" in part else NONE
        distances = [f"{mean[f'{to} {when}']:.1f}" for to in ("infrared", "visible") for when in ("before", "after")]
        rows.append([name, str(part["n"]), *changes, *contrasts, raised, *distances])
    header = (
        "engine or kind|references of msrs_ris val|change inside|in the rim|outside|contrast before|after|raised|"
        "to infrared before|after|to visible before|after"
    )
    made.share(f"guidance-{_GUIDED}", table(header.split("|"), rows))
    made.say(
        "The annotated mask is given, so that only what the words and the mask do counts, not who finds the thing. "
        "Changes of luma by a highlight, and mean distances of the inside to either source before and after being "
        "inclined towards it as far as it goes, are in levels of 255."
    )


def _regions(made: Section, results: Results) -> None:
    made.say("### Inside, outside and along the boundary")
    common = f"fusion --data {DATA}/msrs_ris --split val --engine ris-fusion --regions --limit {_REFERENCES}"
    plain = results.get(Run("regions/ris-fusion.json", common))
    asked = results.get(Run("regions/ris-fusion-highlight.json", f"{common} --highlight"))
    if plain is None or asked is None:
        made.say("Not measured yet: see the commands below.")
        return
    rows = []
    for region in REGIONS:
        found = compare(*(report["regions"][region] for report in (asked, plain)))["metrics"]
        rows.append([region, *(_change(found.get(metric)) for metric in _REGION_METRICS)])
    title = f"{ENGINES['ris-fusion'].title}, {plain['n']} references of msrs_ris val"
    made.share("regions", table([title, *(f"{m} {METRICS[m].arrow}" for m in _REGION_METRICS)], rows))
    made.say(
        "Each reference's first sentence is asked to be highlighted; the same picture fused without text is the other "
        "side of the pair. The region is the annotated mask, not the one the engine found, so a wrong mask counts "
        f"against the engine; the ring is everything at most {RING_PIXELS} pixels from its boundary. Changes are with "
        "text minus without; bold ones are sure after Holm's correction. An edit moves the picture away from its "
        "sources where it acts, so MI, VIF and SSIM may well fall inside; outside, nothing should change."
    )


def _change(found: dict | None) -> str:
    if found is None:
        return NONE
    shown = f"{found['difference']:+.3f}"
    return shown if found["verdict"] == "undecided" else f"**{shown}**"


def _absent(made: Section, results: Results) -> None:
    made.say("### When nothing in the picture is meant")
    runs = {
        data: Run(
            f"absent/{data}-val.json",
            f"ris-absent --data {DATA}/{data} --split val --engine ris-fusion",
        )
        for data in _DATA_SETS
    }
    rows = []
    for data, report in results.get_all(runs).items():
        parts = {f"{data} val": report, **report.get("per_class", {}), **report.get("per_time", {})}
        for name, part in parts.items():
            cells = [f"{part[key]:.1f} %" for key in ("empty", "false_positives")]
            rows.append([name, str(part["n"]), *cells, f"{part['mask_share']:.2f} %"])
    if not rows:
        made.say("Not measured yet: see the commands below.")
        return
    made.share(
        "absent",
        table(["RIS-FUSION", "expressions", "mark nothing ↑", "mark over 0.5 % of the picture ↓", "marked ↓"], rows),
    )
    made.say("Expressions for people, cars, bicycles and cones that the annotation says are not in the picture.")
