"""Words of instructions: effects, verbs, predicates, degrees. Everything is lower case; `|` separates alternatives.

Multi-word entries are written with single spaces. The grammar in `frames` compiles them; `spelling` corrects towards
them.
"""

from __future__ import annotations

# An effect noun with what raising and lowering it mean; None where no effect does that. The first match wins, so that
# "visible noise" is noise and "thermal contrast" is infrared.
KIND = (
    "light|information|info|attribute|attributes|feature|features|effect|effects|appearance|content|contents|component|"
    "components|texture|textures|detail|details|spectrum|spectra|characteristic|characteristics|property|properties|"
    "image|picture|look|data|modality|signal|contribution|weight|influence|source|channel|band|perception|"
    "intensity|radiation|signature|signatures|contrast|view|tendency|inclination|style|side|domain|camera|photo|frame|"
    "energy|glow|colour|color|colours|colors|impression|input|response|sensor|wavelength|emission|presence|cues|"
    "saliency|brightness|version|vision|share|impact|flavour|flavor|fusion"
)
EFFECT_NOUNS: tuple[tuple[str, str | None, str | None], ...] = (
    (
        "(noise|grain) (reduction|removal|suppression|filtering|cancellation|elimination|cleaning) | denoising | "
        "(noise|denoise) filter",
        "denoise",
        "denoise",
    ),
    (
        "{image|sensor|gaussian|random|visible|visual|digital|thermal|film|colour|color|annoying|heavy|strong|unwanted|"
        "excess|excessive|salt and pepper|ugly|disturbing} "
        "(noise|noises|grain|grains|graininess|noisiness|speckle|speckles|speckling|static) "
        "[level|levels|points|pixels|artefacts|artifacts]",
        None,
        "denoise",
    ),
    (
        "(brightness|illumination|illuminance|luminance|luminosity|lightness|exposure|lighting|light|brilliance|"
        "radiance) "
        "[level|levels|intensity|conditions|value|values|strength]",
        "brighten",
        "darken",
    ),
    ("darkness|dimness|gloom", "darken", "brighten"),
    ("shadow|shadows", None, "brighten"),
    ("glare|overexposure|over-exposure|dazzle", None, "darken"),
    ("underexposure|under-exposure", None, "brighten"),
    (
        "(infrared|thermal|ir|infra red|infra-red) [fusion] {KIND} | (heat|temperature) "
        "{signature|signatures|information|radiation|emission|energy|effect|contrast|distribution|map|cues}",
        "infrared",
        "visible",
    ),
    ("(visible|rgb|optical|daylight|natural) [fusion] KIND {KIND} | rgb", "visible", "infrared"),
    (
        "{fine|finer|sharp|texture|surface|true|natural|original|real|realistic|rich|structural|edge|colour|color} "
        "(detail|details|detailing|texture|textures|sharpness|crispness|colour|color|colours|colors|colouring|coloring|"
        "realism|naturalness|structure|structures|definition|granularity) [level|levels|information|info|features|"
        "look] | "
        "(natural|realistic) look",
        "visible",
        None,
    ),
    (
        "visibility|saliency|salience|clarity|clearness|prominence|conspicuity|conspicuousness|contrast|emphasis|"
        "attention|"
        "focus|distinctness|legibility|readability|noticeability|recognisability|recognizability|detectability|"
        "perceptibility|distinctiveness|importance|highlight|highlights|stress|accent|spotlight|priority|"
        "fusion effect|fusion quality|fusion result|fusion performance|target saliency",
        "highlight",
        None,
    ),
)

# Verbs that move an effect noun up or down.
UP = (
    "increase|raise|boost|enhance|improve|amplify|elevate|lift|lift up|heighten|strengthen|intensify|promote|augment|"
    "maximise|maximize|turn up|bump up|crank up|dial up|bring up|push|push up|step up|ramp up|scale up|pump up|add|"
    "emphasise|emphasize|stress|restore|recover|preserve|retain|maintain|keep|show|show me|bring out|bring back|"
    "highlight|"
    "direct|reveal|accentuate|get|have|favour|favor|prioritise|prioritize|prefer|see|want|need|double|triple|refine|"
    "enrich|deepen|sharpen|draw out|expose|display|use|apply|provide|inject|introduce|exploit|focus on|upgrade|inject|"
    "include|put|shed|throw|cast|let in|place|lay|pay|incorporate|bring|bring in|give|perform|do|carry out|run|"
    "concentrate on|rely on|rely more on|lend|grow|expand|pull up|optimise|optimize|level up|push for|up"
)
DOWN = (
    "reduce|lower|decrease|diminish|drop|weaken|cut|cut down|cut down on|cut back|cut back on|turn down|dial down|"
    "tone down|bring down|scale down|take down|pull down|lessen|attenuate|minimise|minimize|suppress|mute|dampen|"
    "soften|"
    "limit|remove|eliminate|clean up|clean|clean away|clean off|get rid of|filter out|filter|clear|clear up|clear away|"
    "clear out|erase|wipe|wipe out|wipe away|wipe off|take out|take away|take off|scrub|strip|strip away|kill|halve|"
    "dull|"
    "shrink|subtract|do away with|cancel|cancel out|fix|handle|mitigate|alleviate|dim|dim down|delete|smooth|"
    "smooth out|"
    "deal with|knock down|drop down|dispose of|strip out|strip off|screen out|iron out|tidy up|treat|curb|moderate|"
    "de-emphasise|lighten"
)
RAISED = (
    "increased|raised|boosted|enhanced|improved|amplified|strengthened|elevated|lifted|turned up|promoted|restored|"
    "preserved|kept|recovered|retained|emphasised|emphasized"
)
LOWERED = (
    "removed|reduced|lowered|decreased|eliminated|cut|cut down|suppressed|cleaned|cleaned up|filtered|filtered out|"
    "gone|"
    "minimised|minimized|toned down|turned down|dropped|weakened|diminished|cleared|attenuated|taken out|taken away|"
    "fixed"
)
TWICE_VERBS = "double|halve"
THRICE_VERBS = "triple|maximise|maximize"

# Verbs whose object is the region itself. Phrasal verbs may also be split around a region ("light the car up").
DIRECT: tuple[tuple[str, str], ...] = (
    (
        "brighten",
        "brighten|brighten up|lighten|lighten up|illuminate|illumine|light up|light|relight|turn up|lift|bring up",
    ),
    (
        "darken",
        "darken|darken down|dim|dim down|tone down|turn down|shade|underexpose|black out|bring down|dull|dull down|"
        "de-emphasise|de-emphasize|deemphasise|deemphasize|downplay|play down|attenuate|mute|subdue|fade|fade out|"
        "weaken|calm|calm down",
    ),
    (
        "denoise",
        "denoise|de-noise|de noise|clean up|clean|clean out|smooth|smooth out|degrain|despeckle|clear up|cleanse|"
        "purify|"
        "tidy up|filter",
    ),
    (
        "visible",
        "sharpen|sharpen up|texturise|texturize|colourise|colorise|colorize|naturalise|naturalize|detail|crispen",
    ),
    (
        "highlight",
        "highlight|emphasise|emphasize|emphasis|emphasis on|more emphasis on|focus on|focus upon|focus in on|"
        "concentrate on|zoom in on|show|show me|show us|"
        "display|reveal|accentuate|accent|stress|underline|underscore|bring out|bring forward|single out|pick out|"
        "point out|point to|call out|draw attention to|draw the attention to|draw my attention to|pay attention to|"
        "pay more attention to|direct attention to|call attention to|attend to|give priority to|prioritise|prioritize|"
        "feature|spotlight|find|find me|locate|detect|identify|spot|mark|mark out|segment|segment out|track|look at|"
        "look for|search for|expose|enhance|improve|boost|strengthen|amplify|intensify|promote|outline|unveil|uncover|"
        "see|view|watch|notice|recognise|recognize|distinguish|make out|observe|present|clarify|read|keep an eye on|"
        "check|check out|inspect|examine|monitor|get a better view of|get a better look at|get a clear view of|"
        "get a clearer view of|have a better view of|have a better look at|point me to|set apart|bring attention to|"
        "centre on|center on|select|extract|isolate|foreground|follow|discern|perceive|zoom into|favour|favor|"
        "put the focus on|put focus on|put emphasis on|put the emphasis on|set off|lift out|visualise|visualize|refine|"
        "bring into focus|bring to the fore|bring to the front|pinpoint|localise|localize|ground|target|"
        "concentrate upon",
    ),
)
# Also nouns or adjectives: a verb only when an article, pronoun or possessive follows.
AMBIGUOUS_VERBS = frozenset(
    "light dim mark spot track watch clean clear smooth view shade present feature detail outline filter stress accent "
    "lift follow target ground read check up lower cut drop dull".split()
)
MAKE = (
    "make|render|turn|get|have|let|keep|leave|set|cause|allow|help|force|want|need|change|adjust|put|bring|process|"
    "paint"
)
BIAS = (
    "bias|tilt|lean|shift|incline|steer|push|move|skew|drive|pull|orient|orientate|weight|tune|direct|guide|drag|nudge|"
    "draw|switch|turn|adjust|change|sway|bend|slant|favour|favor|convert|transform|bring|take|blend|tend|set|lead|"
    "bias the fusion of|tip|rebalance|balance|put|angle|make"
)
USE = (
    "use|take|choose|pick|apply|rely on|rely more on|prefer|favour|favor|prioritise|prioritize|select|go with|go for|"
    "employ|utilise|utilize|trust|weight|draw on|draw from|keep|keep to|stick to|lean on|depend on|want|adopt|"
    "use mainly|use mostly|show|display|give priority to|focus on|insert|copy|put|pick up|make use of|preserve|retain"
)

# Predicates: (words, effect of more of it, effect of less of it).
ADJECTIVES: tuple[tuple[str, str | None, str | None], ...] = (
    (
        "bright|brighter|lighter|lit|well-lit|better-lit|well lit|better lit|illuminated|well illuminated|luminous|"
        "brightened|exposed|well-exposed|well exposed|sunny|lightened|brilliant|radiant|lit up",
        "brighten",
        "darken",
    ),
    (
        "dark|darker|dim|dimmer|darkened|shady|shadier|gloomy|gloomier|dull|duller|murky|dimmed|black",
        "darken",
        "brighten",
    ),
    ("underexposed|under-exposed|shadowy|shadowed", None, "brighten"),
    (
        "overexposed|over-exposed|glaring|shiny|dazzling|blown out|burnt out|burned out|washed out|blinding|"
        "saturated|harsh",
        None,
        "darken",
    ),
    ("noisy|noisier|grainy|grainier|speckled|speckly|dirty|rough|gritty", None, "denoise"),
    (
        "clean|cleaner|noiseless|noise-free|noise free|free of noise|free from noise|free of grain|smooth|smoother|"
        "denoised|grain-free|grain free|without noise|without grain|grainless|de-noised|cleaned|cleaned up",
        "denoise",
        None,
    ),
    (
        "detailed|sharp|sharper|crisp|crisper|textured|natural|natural-looking|natural looking|realistic|colourful|"
        "colorful|true to life|fine|finer|lifelike|vivid|rich in detail|rich in texture|richer in detail|"
        "richer in texture|full of detail|textural|sharpened|true-to-life|coloured|colored|richly textured|"
        "high in detail|well-defined|well defined|fine-grained|in focus",
        "visible",
        None,
    ),
    ("blurry|blurred|blurrier|fuzzy|soft|smeared|flat|smudged|featureless|unnatural", None, "visible"),
    (
        "thermal|infrared|hot|hotter|warm|warmer|thermal-like|infrared-like|heat-like|thermal-looking|"
        "infrared-looking|ir-like|"
        "thermal looking|infrared looking|infrared heavy|infrared-heavy|thermal heavy|infrared dominant|"
        "infrared-dominant|"
        "infrared-dominated|thermally visible|infrared biased|infrared-biased|ir",
        "infrared",
        "visible",
    ),
    (
        "visible-like|visible-looking|photo-like|visible dominant|visible-dominant|visible-biased|visible light|"
        "visible-light-like|photographic|optical",
        "visible",
        "infrared",
    ),
    (
        "salient|visible|prominent|conspicuous|noticeable|obvious|striking|eye-catching|eye catching|emphasised|"
        "highlighted|pronounced|dominant|accentuated|visually prominent|visually salient|highly visible|bold|strong|"
        "important",
        "highlight",
        "darken",
    ),
    (
        "clear|clearer|clearly visible|noticed|distinct|"
        "evident|recognisable|recognizable|identifiable|discernible|discernable|distinctive|"
        "distinguishable|legible|readable|apparent|outstanding|emphasized|perceptible|"
        "seen|defined|enhanced|unmistakable|detectable|spottable|contrasted|contrasty|"
        "high-contrast|well visible|marked|the focus|the main focus|"
        "the centre of attention|the center of attention|the focal point|a focal point|the star|attention-grabbing|"
        "clear-cut|unmissable|visually distinct|spotlighted|bolder|stronger|"
        "remarkable|viewable|better|nicer",
        "highlight",
        None,
    ),
    (
        "hidden|obscure|obscured|confusing|unclear|inconspicuous|faint|invisible|vague|indistinct|illegible|unreadable",
        None,
        "highlight",
    ),
)
ADJECTIVE_WORDS = frozenset(word for words, _, _ in ADJECTIVES for word in words.split("|"))
STAND_OUT = (
    "stand out|stands out|standing out|pop|pops|pop out|pops out|jump out|jump out at me|stick out|catch the eye|"
    "catch my eye|draw the eye|draw attention|attract attention|attract the eye|come out|come out clearly|show up|"
    "come forward|shine|shine out|catch attention|leap out|come through|come to the fore|pop off"
)
SEE = (
    "see|spot|notice|find|recognise|recognize|read|distinguish|identify|make out|discern|detect|locate|look at|"
    "perceive|"
    "pick out|view|tell apart|observe|track|follow"
)
# Complaints that "is", "looks" and the like introduce; with the effect that answers them.
COMPLAINTS: tuple[tuple[str, str], ...] = (
    (
        "brighten",
        "dark|dim|underexposed|under-exposed|black|gloomy|shadowy|murky|dull|badly lit|poorly lit|low-light|shadowed|"
        "unlit|"
        "poorly illuminated|badly illuminated",
    ),
    (
        "darken",
        "bright|overexposed|over-exposed|light|glaring|dazzling|blown out|burnt out|burned out|washed out|blinding|"
        "white|"
        "saturated|harsh|shiny",
    ),
    ("denoise", "noisy|grainy|speckled|full of noise|full of grain|dirty|covered in noise|gritty|covered in grain"),
    (
        "visible",
        "blurry|blurred|fuzzy|unnatural|flat|lacking detail|lacking texture|lacking in detail|featureless|smeared|soft|"
        "colourless|colorless",
    ),
    (
        "highlight",
        "unclear|hidden|invisible|obscure|obscured|faint|inconspicuous|indistinct|vague|barely visible|hardly visible|"
        "not visible|not clear|not very clear|not very visible|not clearly visible|illegible|unreadable|hard to see|"
        "difficult to see|hard to spot|difficult to spot|hard to make out|difficult to make out|hard to recognise|"
        "hard to recognize|hard to read|difficult to read|hard to find|difficult to find|hard to notice|poorly visible|"
        "hard to distinguish|difficult to distinguish|hard to identify|difficult to identify|camouflaged|"
        "not clear enough|"
        "not visible enough|not salient enough|not obvious|not prominent enough|scarcely visible|badly visible",
    ),
)

MORE = (
    "more|extra|additional|higher|greater|better|increased|stronger|some|enhanced|improved|richer|finer|plenty of|"
    "lots of|much|maximum|brighter|enough"
)
LESS = "less|fewer|lower|reduced|no|weaker|little|minimal|decreased|zero|minimum|darker|dimmer|without any|not so much"
