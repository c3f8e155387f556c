"""How each effect is said: verbs, qualities, quantities and complaints, in the notation of `patterns`.

The lists of the rule parser's lexicon are not reused: the two parsers are to fail differently.
"""

from __future__ import annotations

from dataclasses import dataclass


def ways(text: str) -> tuple[str, ...]:
    """Alternatives separated by `;`."""
    return tuple(" ".join(way.split()) for way in text.split(";") if way.strip())


@dataclass(frozen=True)
class Wording:
    """One effect's words.

    Attributes:
        verbs: Take the region as their object ("brighten").
        split: Verb and particle around the region ("light", "up").
        better: Comparatives and other qualities after "make the road" ("brighter", "less dark").
        plain: Positive qualities after "make the road" ("bright").
        more: Quantities that are to rise ("brightness").
        less: Quantities that are to fall ("darkness").
        complaints: What a region is "too" much of ("dark").
        faults: What a region simply "is", and should not be ("underexposed").
        special: Whole requests around X.
        nominal: Whole noun phrases around X that ask ("a clear view of X").
        whole: Requests that name no region and mean the picture.
    """

    verbs: tuple[str, ...] = ()
    split: tuple[tuple[str, str], ...] = ()
    better: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()
    more: tuple[str, ...] = ()
    less: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()
    special: tuple[str, ...] = ()
    nominal: tuple[str, ...] = ()
    whole: tuple[str, ...] = ()


WORDING: dict[str, Wording] = {
    "highlight": Wording(
        verbs=ways(
            """highlight; highlight; emphasise; emphasize; accentuate; focus on; focus on; concentrate on; show; show
            me; bring out; point out; pick out; single out; draw attention to; draw my attention to; call attention
            to; direct attention to; enhance; enhance; improve; boost; reveal; spotlight; feature; stress;
            underline; underscore; pay attention to; zoom in on; detect; find; find me; locate; identify; spot;
            mark; segment; track; look at; look for; expose; strengthen; outline; prioritise; prioritize;
            foreground; uncover; isolate; put the focus on; put emphasis on; put the emphasis on; place emphasis
            on; put the spotlight on; shine a spotlight on; give prominence to; give priority to; intensify; search
            for; call out; select; display; clarify; mark out; keep an eye on; bring into focus; bring to the fore;
            have a look at; pinpoint; give attention to; set the focus on; follow; present; emphasis on; localise;
            localize; amplify"""
        ),
        split=(
            ("bring", "out"),
            ("point", "out"),
            ("single", "out"),
            ("pick", "out"),
            ("bring", "forward"),
            ("call", "out"),
        ),
        better=ways(
            """clearer; more salient; more visible; more prominent; more conspicuous; more noticeable; more distinct;
            more obvious; more striking; more eye-catching; easier to
            (see|spot|notice|find|recognise|recognize|make out|identify| read|detect|distinguish|locate); more
            recognisable; more recognizable; more legible; more readable; more discernible; more pronounced; more
            evident; more apparent; more identifiable; more clearly visible; more distinguishable; less hidden;
            more eye catching; less obscure; more defined; more detectable; better visible; less faint; more
            perceptible; more clear; simpler to (see|find|spot); stronger; bolder; more outstanding; better; more
            dominant; more important; less inconspicuous; (easily|readily) recognisable; more observable; less
            unclear"""
        ),
        plain=ways(
            """clear; clear; salient; visible; visible; prominent; conspicuous; noticeable; distinct; obvious; stand
            out; stand out; pop; pop out; jump out; stick out; catch the eye; clearly visible; easy to
            (see|spot|find|notice| recognise|read); easily (visible|recognisable|seen); the (main|) focus; the
            (centre|center) of attention; pop out of the (background|picture); stand out (from|against) the
            background; stand out more; pop more; come out clearly; come out better; shine; stand out clearly;
            eye-catching; striking; legible; readable; evident; well visible; the focal point; more of an
            eye-catcher; impossible to miss; hard to miss; unmissable; show up; show up better; be noticed; the
            star of the (picture|image); draw the eye; attract attention; distinguishable; jump out at me;
            recognisable; visually prominent; stand out visually"""
        ),
        more=ways(
            """visibility; visibility; saliency; salience; clarity; prominence; contrast; contrast; conspicuity;
            emphasis; attention; focus; legibility; readability; distinctness; recognisability; priority;
            noticeability; discernibility; detectability; local contrast; visual saliency; importance"""
        ),
        complaints=ways(
            """unclear; hidden; faint; inconspicuous; vague; indistinct; obscure; hard to
            (see|spot|find|recognise|read|make out|notice); difficult to (see|spot|make
            out|read|recognise|identify); poorly visible; hard to distinguish"""
        ),
        faults=ways(
            """hard to (see|spot|find|recognise|read|make out|notice|identify); difficult to (see|spot|make out|read|
            recognise|find); (barely|hardly|scarcely|not|not really|not clearly) visible; not clear; not (very|so)
            clear; invisible; unclear; almost invisible; illegible; unreadable; camouflaged; not obvious; easy to
            (miss|overlook); nearly invisible; obscured; poorly visible; (lost in|blending into) the background;
            not salient"""
        ),
        special=ways(
            """I (can't|cannot|can hardly|can barely|can't really|could not|can not|am unable to|hardly) (see|make
            out|spot| find|recognise|read) X [(well|clearly|properly|very well|at all)]; I (want|need|would like|'d
            like|have|wish) to (see|recognise|find|spot|notice|read|identify) X; I (want|need|would like) to see X
            (better|more easily|more clearly|clearly|easily|well); let me (see|find|spot) X [(better|more
            clearly|more easily|clearly)]; where (is|are) X ?; where's X ?; show me where X (is|are); help me [to]
            (find|see|spot|locate|notice|identify) X; make it easier to (see|spot|notice|find|recognise|read) X;
            make it easy to (see|spot|find) X; make sure [that] X (is|are|stands out|can be seen|is easy to see|are
            clearly visible|is clearly visible|is noticed); ensure [that] X (stand out|is visible|are visible|can
            be seen clearly); (it is|it's|it was) (hard|difficult|impossible|not easy|tricky) to
            (see|spot|find|make out|notice|recognise|read|distinguish) X; (improve|increase|enhance) how
            (visible|clear|salient| prominent) X (is|are); make it so that X (stands out|stand out|pops|is clear);
            (draw|direct|call|bring) (more|some| extra|all) (attention|focus) to X; I (want|need|would like) X to
            be the (focus|centre) of the picture; make sure [that] (I|we|one|you) can (see|notice|recognise|find)
            X; I'd like to be able to (see|spot|read) X; who can (see|find) X ?; X (is|are) (lost|drowned|buried)
            in the (dark|scene|background); help the viewer (find|notice|see) X; can you help me (see|find|spot) X
            ?; make X (more salient|stand out more|clearer) than the (others|rest|background); I keep
            (missing|overlooking) X; do you see X ?; give X more (emphasis|
            prominence|attention|visibility|contrast|weight visually); I (am|'m) looking for X; draw the
            (eye|viewer) to X; I struggle to (see|make out) X; I have trouble (seeing|making out|finding) X; X
            should catch (my|the) eye; my eye should go (straight|) to X; separate X from the background; X
            (is|are) what I (want|need) to see; X (is|are) what matters; get me a better (look at|view of) X; can
            (you|we) see X better; allow me to see X (better|clearly); is there a way to see X (better|more
            clearly|more easily); help X stand out; let X be the focus; turn the attention to X; see X better; see
            X more clearly; make visible X; make clear X; render visible X; get X noticed; X
            (deserve|deserves|need|needs|require) [more] (attention|emphasis|highlighting); the (viewer|eye) should
            (notice|be drawn to) X; tell X apart from the background; lift X out of the background; I'd love to see
            X [(better|more clearly)]; nobody can see X; we can't see X; put X in the spotlight; put X in focus;
            bring X into focus; X should be the (focus|main subject|centre of attention); direct the viewer's eye
            to X; enhance the visibility of X; improve the visibility of X; guide the eye to X; X gets lost in the
            background; make sure nobody misses X; give X a boost; set X off against the background; set X apart
            [from the (background|rest)]"""
        ),
        nominal=ways(
            """a (clear|clearer|better|good) (view|look|picture|sight) (of|at) X; focus on X; emphasis on X; more
            (emphasis| focus|stress|attention) on X; attention to X; more visible X; clearer X; more prominent X;
            more salient X; a more visible X; spotlight on X; X in focus; X , (that is what|which is what) I want
            to see; X highlighted; X emphasised; X (clearly|) visible; better view of X; better visibility of X; X
            easier to (see|spot|find)"""
        ),
        whole=ways(
            """more contrast; increase the contrast; more clarity; better visibility; improve the visibility; boost
            the contrast; improve visibility; increase saliency; make it pop; make it clearer; enhance; clearer;
            clearer please; make things clearer; more visible; raise the contrast; make everything stand out;
            improve the overall visibility; I can't see anything; nothing can be seen; increase the overall
            contrast; everything is hard to see; enhance the contrast"""
        ),
    ),
    "infrared": Wording(
        better=ways(
            """more thermal; more infrared; more thermal-looking; more infrared-like; hotter; warmer; more like the
            (infrared| thermal) (image|picture|one); closer to [the] (infrared|thermal) [image]; more
            (infrared|thermal) (dominant| dominated|heavy|biased); less (visible-like|photographic); more like [a]
            thermal (camera|picture|imaging); more similar to the infrared [image]; more ir; more heat-like; more
            thermally visible; less like the visible image; dominated by [the] (infrared|thermal) [image]; biased
            (to|towards|toward) infrared; as in the (infrared|thermal) (image|picture|photo); like the infrared
            [image]; look (thermal|infrared|like infrared|as in infrared)"""
        ),
        plain=ways(
            """thermal; infrared; hot; look thermal; warm; look hot; thermal only; purely infrared; all infrared;
            mostly thermal"""
        ),
        more=ways(
            """infrared; infrared; infrared
            (effect|effects|information|features|attributes|characteristics|content|details|
            component|signal|intensity|look|appearance|contribution|weight|contrast|saliency|perception|fusion
            effect|light| radiation|influence|share|presence|texture|brightness|data); thermal
            (effect|information|features|radiation|
            signature|contrast|look|appearance|content|details|attributes|emission|intensity|energy|signal|impression|image|
            glow); thermal; ir; ir (signal|content|information|contribution|look); heat; heat
            (signature|information|radiation| contrast|emission|map); infrared fusion [effect]; temperature
            (contrast|information); infrared and thermal information; infrared perception; thermal fusion effect;
            warmth; thermal imaging"""
        ),
        less=ways(
            """visible light; visible [light] (information|content|influence|contribution|component|share); influence
            of the visible image; rgb (content|information); visible-light influence; weight of the visible image;
            optical information; visible image (content|contribution|share)"""
        ),
        special=ways(
            """$BIAS X %d $TOWARDS $MORELY $IR_SOURCE; $BIAS the (fusion|fusion effect|fusion
            result|effect|appearance|look| result|balance|weights) of X %d $TOWARDS $MORELY $IR_SOURCE; $BIAS X 's
            (fusion|fusion effect|appearance|look) %d $TOWARDS $IR_SOURCE; make X 's (fusion
            effect|fusion|appearance) (bias|lean|tend|incline) $TOWARDS $IR_SOURCE; make the (fusion
            effect|fusion|look) of X (bias|lean|tend|incline) [more] $TOWARDS $IR_SOURCE; let X (lean|tend)
            $TOWARDS $IR_SOURCE; (use|take|choose|prefer|rely on|apply|pick|go with|employ|favour|prioritise)
            $MORELY $IR_SOURCE (for|in|on|over|to show|to represent) X;
            (show|render|display|depict|present|draw|fuse|give me) X $MORELY (in|with|using|from|via|as in) $MORELY
            $IR_SOURCE; X (should|must) (come|be taken|be) (from|in) $IR_SOURCE; let the (infrared|thermal) [image]
            (dominate|prevail|take over|win|lead) (in|on|at|over|for) X; give (more|extra| higher|most)
            (weight|priority|importance) to $IR_SOURCE (in|for|on|at) X; (switch|turn) X to (infrared|thermal|ir);
            fuse X with more (infrared|thermal); take X from $IR_SOURCE; keep X as in $IR_SOURCE; X should
            (look|appear) (like| as) (in|) $IR_SOURCE; I (want|need|would like|prefer) X (in|from)
            (infrared|thermal|ir|the infrared image); direct the (infrared|thermal) (attributes|features|effect) of
            X; promote the infrared (fusion|) effect of X; use (infrared| the infrared image|thermal) instead of
            (the visible one|visible|rgb|the visible image) for X; prefer infrared over visible (for|in) X; let the
            heat of X (show|come through|shine through); let the infrared (show|come|shine) through (in|on|at) X;
            show the (heat|thermal signature|temperature) of X; reduce the visible (influence|contribution|share)
            (in|on|of) X; see X in (infrared|thermal); convert X to (thermal|infrared); (replace|swap|fill) X with
            the (infrared| thermal) (image|one|version); the (infrared|thermal) (picture|image) is better
            (for|at|in) X; in X rely on the thermal (camera|image); X (need|needs) (infrared|thermal); the weight
            of infrared should be (higher|larger) (in|on) X; make X (follow|match|resemble) $IR_SOURCE; X
            (should|must) be [(more|mostly|mainly)] (dominated by|based on) $IR_SOURCE; (raise|increase|boost) the
            (share|weight|part|proportion|contribution) of (infrared|the infrared image|thermal) (in|on|for|at) X;
            (lean|rely|draw) (more|mostly|mainly|) on (the thermal camera|the infrared image|infrared|thermal)
            (for|in|at) X; render X as (it is|they are|it looks) in the (infrared|thermal) (image| picture);
            (infrared|thermal) [information] should (dominate|prevail|win) (in|at|on|for) X; I want the (heat
            signature|thermal look|infrared effect) of X (emphasised|promoted|stronger|increased|strengthened);
            show X the way the thermal camera sees (it|them); fuse X (mainly|mostly) from [the] infrared; weight
            the infrared (more|higher) (in|on| for|at) X; more of X 's (heat|thermal radiation|infrared
            information); X should be (shown|rendered|displayed) in (infrared|thermal); the fusion of X should
            (lean|tend|be biased) $TOWARDS $IR_SOURCE; how warm is X ? show it in infrared; blend X (mostly|more|)
            from the infrared"""
        ),
        nominal=ways(
            """(infrared|thermal|ir) for X; X in (infrared|thermal|ir); [a] (more|) (thermal|infrared)
            (look|style|appearance| view|impression|feel|touch|version|rendering) (for|of|on) X; thermal image for
            X; X : (thermal|infrared|ir); X -> (thermal|infrared|ir); infrared only (for|on|in) X; a
            (warmer|hotter|more thermal) look for X; (thermal|infrared) over visible for X; X towards infrared; X
            as thermal; X from (infrared|the thermal image); X (more|) (infrared| thermal); infrared instead of
            visible (for|on) X; more of the infrared image (in|on|for) X; less visible light (on|in|for|at) X"""
        ),
        whole=ways(
            """infrared; thermal; more infrared; more thermal; thermal please; $BIAS the (fusion|result|image|fusion
            result) $TOWARDS $IR_SOURCE; use (more|mostly|mainly) (infrared|thermal|the infrared image); bias
            $TOWARDS $IR_SOURCE; prefer (infrared|the infrared image|thermal); make it (more thermal|more
            infrared); let the infrared dominate; give more weight to (infrared|the infrared image|thermal); fuse
            with more infrared; show it in thermal; thermal look; infrared only; ir; rely more on the thermal
            camera; less visible light; (increase|raise|boost) the (infrared effect|thermal information|infrared
            contribution|heat contrast)"""
        ),
    ),
    "visible": Wording(
        verbs=ways("sharpen; sharpen; sharpen up; texturise; texturize; naturalise; colourise; colorize; crispen"),
        better=ways(
            """more detailed; more detailed; sharper; crisper; more textured; more natural; more natural-looking; more
            realistic; more colourful; more colorful; richer in (detail|texture|colour); finer; more lifelike; more
            true to life; less blurry; less fuzzy; less flat; less (thermal|infrared); less infrared-like; more
            vivid; more like the (visible|rgb|optical|visible light) (image|picture|photo|one); closer to the
            visible [image]; more visible-like; more photographic; more photo-like; less soft; less smeared; more
            like [in] the visible image; dominated by the visible image; biased (to|towards|toward) visible
            [light]; as in the (visible|rgb) (image|picture|photo); less blurred; less like the infrared image;
            full of detail; less washed in colour; less unnatural; more structured"""
        ),
        plain=ways(
            """detailed; sharp; crisp; natural; realistic; textured; in natural colours; look natural; look realistic;
            look like the (visible|rgb|normal) (image|photo|picture); look (sharper|crisper|more natural|more
            realistic); show more detail; have natural (colours|colors); true to life; colourful; in focus"""
        ),
        more=ways(
            """detail; details; detail; texture; texture; textures; sharpness; sharpness; crispness; fine detail; fine
            details; texture detail; texture details; texture information; surface texture; naturalness; realism;
            colour; color; colours; visible light; visible (information|content|features|attributes|light
            information|light attributes|characteristics| effect|image
            information|contribution|influence|weight|component|details|texture|appearance|light effect|fusion
            effect|look|spectrum|light share); rgb (information|content|colour); natural
            (colours|colors|look|appearance); definition; colour information; surface detail; structure; structural
            detail; natural light colours; true colours; visible-light detail; optical detail; photographic detail;
            edge detail; visual detail"""
        ),
        less=ways(
            """infrared; infrared
            (effect|influence|information|contribution|look|content|component|share|light|radiation); thermal
            (effect|influence|look|information|radiation|glow|signature|contribution); influence of the infrared
            [image]; heat (signature|glow); blur; blurriness; weight of the (infrared|thermal) image; thermal; ir;
            fuzziness"""
        ),
        complaints=ways(
            "blurry; blurred; fuzzy; unnatural; flat; soft; smeared; thermal; infrared; featureless; colourless"
        ),
        faults=ways(
            """blurry; blurred; fuzzy; unnatural; lacking (detail|texture|sharpness|colour); not sharp; not [very]
            detailed; out of focus; smeared; not natural; missing [its] (detail|texture|natural colours);
            (without|short of) detail; not crisp"""
        ),
        special=ways(
            """$BIAS X %d $TOWARDS $MORELY $VIS_SOURCE; $BIAS the (fusion|fusion effect|fusion
            result|effect|appearance|look| result|balance) of X %d $TOWARDS $MORELY $VIS_SOURCE; $BIAS X 's
            (fusion|fusion effect|appearance|look) %d $TOWARDS $VIS_SOURCE; make X 's (fusion
            effect|fusion|appearance) (bias|lean|tend|incline) $TOWARDS $VIS_SOURCE; make the (fusion
            effect|fusion|look) of X (bias|lean|tend|incline) [more] $TOWARDS $VIS_SOURCE; let X (lean|tend)
            $TOWARDS $VIS_SOURCE; (use|take|choose|prefer|rely on|apply|pick|go with|favour|prioritise) $MORELY
            $VIS_SOURCE (for|in|on| over|to show|to represent) X; (show|render|display|depict|present|fuse) X
            $MORELY (in|with|using|from|via|as in) $MORELY $VIS_SOURCE; X (should|must) (come|be taken|be)
            (from|in) $VIS_SOURCE; let the visible [image] (dominate| prevail|take over|win|lead)
            (in|on|at|over|for) X; give (more|extra|higher|most) (weight|priority|importance) to $VIS_SOURCE
            (in|for|on|at) X; switch X to (visible|rgb|visible light); take X from $VIS_SOURCE; keep X as in
            $VIS_SOURCE; X should (look|appear) (like|as) (in|) $VIS_SOURCE; I (want|need|would like|prefer) X
            (in|from) (visible light|rgb|the visible image); (direct|strengthen) the visible
            (attributes|features|characteristics|light) of X; promote the visible [light] (fusion|) effect of X;
            use (visible|the visible image|rgb) instead of (the infrared one|infrared|thermal|the infrared image)
            for X; prefer visible over infrared (for|in) X; let the visible light (show| come|shine) through
            (in|on|at) X; (keep|preserve|restore|retain|recover|maintain|bring back) the (natural colours|
            texture|details|colours|color|natural look|fine details|structure) (of|in|on) X;
            (keep|preserve|restore|bring back) X 's (texture|detail|natural colours|colours); natural
            (colours|colors) for X; (show|display|reveal|bring out|draw out|recover) (more|the|all the|)
            (details|texture|detail|fine structure) (of|in|on) X; make the (details|texture|
            colours|color|edges|structure) (of|in) X (sharper|clearer|more visible|more
            natural|richer|stronger|crisper); (let| make) X keep (its|their) (natural|own|true)
            (colours|look|texture); show X in [(more|full|greater|finer)] (detail| colour|natural colours); X
            (has|have) lost (its|their) (detail|texture|colours); X (has|have) (too little|not enough| no|hardly
            any) (detail|texture|colour); improve the (colours|sharpness|texture|detail) of X; keep X natural;
            leave X in (its|their) natural colours; see more (detail|texture|details) (in|on|of) X; I want to see
            the (texture|details|fine structure) of X; make X look as (it does|) in the visible image; reduce the
            (thermal| infrared) (glow|look|influence) (in|on|of) X; refine X 's (texture|details); refine the
            (texture|details) of X; enhance X 's (detail|details|texture|sharpness); render X with (more|finer)
            (detail|texture|colour); see X in (visible light|natural colours|detail); (replace|swap) X with the
            visible (image|one|version); (raise|increase|boost) the (share|weight|part|proportion| contribution) of
            (visible light|the visible image|visible) (in|on|for|at) X; (lean|rely|draw) (more|mostly|mainly|) on
            (the visible camera|the visible image|the colour photo|visible light) (for|in|at) X; render X as (it
            is|they are|it looks) in the visible (image|picture|photo); visible light should (dominate|prevail|win)
            (in|at|on|for) X; show X the way the (eye|visible camera|normal camera) sees (it|them); weight the
            visible image (more|higher) (in|on|for|at) X; X should be (shown|rendered|displayed) in (visible
            light|natural colours|colour); let X look (natural|realistic| sharp); the fusion of X should
            (lean|tend|be biased) $TOWARDS $VIS_SOURCE; more of X 's (texture|natural colour|fine structure);
            sharpen up the (edges|contours|outline) of X; (bring|get) back X 's (colour|texture|detail); I want to
            (read|see) the fine (print|detail|texture) (on|of) X; X should not look so (thermal|infrared|unnatural)"""
        ),
        nominal=ways(
            """(visible|rgb|visible light|the visible image) for X; X in (visible light|rgb|natural colours|colour);
            [a] (more|) (natural|realistic|detailed|photographic)
            (look|style|appearance|view|feel|touch|version|rendering) (for|of|on) X; natural (colours|colors)
            (for|on|in) X; X : (visible|rgb|visible light|sharper); X -> (visible|rgb); visible light only
            (for|on|in) X; visible over infrared for X; X towards [the] visible [image]; X from the visible image;
            X (sharper|more detailed|more natural); visible instead of infrared (for|on) X; more of the visible
            image (in|on|for) X; sharper X; more detailed X; a more natural X; crisper X; less infrared
            (on|in|for|at) X; less thermal for X; (fine| finer|rich|richer) (detail|texture) (on|in|for) X"""
        ),
        whole=ways(
            """more detail; more texture; sharper; sharper please; more natural colours; $BIAS the
            (fusion|result|image|fusion result) $TOWARDS $VIS_SOURCE; use (more|mostly|mainly) (visible light|the
            visible image|rgb); bias $TOWARDS $VIS_SOURCE; prefer (the visible image|visible light); make it
            (sharper|more natural|more detailed|more realistic); let the visible image dominate; give more weight
            to (the visible image|visible light); natural colours; natural colours please; less infrared; less
            thermal; more details please; sharpen; sharpen it; increase the sharpness; improve the texture; it
            looks unnatural; it is blurry; too blurry; add detail; show more detail; more colour"""
        ),
    ),
    "brighten": Wording(
        verbs=ways(
            """brighten; brighten; brighten; brighten up; lighten; lighten up; illuminate; light up; light; relight;
            lift; illumine; shed (more|some|) light on; throw [more] light on; put [more] light on; cast [more]
            light on; turn up the (light|brightness|lights) on; shine [(more|some|a)] light on"""
        ),
        split=(("light", "up"), ("brighten", "up"), ("lighten", "up")),
        better=ways(
            """brighter; brighter; brighter; lighter; better lit; more luminous; better illuminated; less dark; less
            dim; less gloomy; more illuminated; more brightly lit; less shadowy; less underexposed; more bright;
            less murky; better exposed; more radiant; higher in (brightness|luminance); not so dark; less black;
            not as dark; more lit; more sunny"""
        ),
        plain=ways(
            """bright; bright; well lit; well-lit; light; luminous; well illuminated; bright enough; lit up; glow;
            lit; well exposed; shine brightly"""
        ),
        more=ways(
            """brightness; brightness; illumination; illumination; luminance; luminance; light; light; exposure;
            lighting; luminosity; lightness; illuminance; brightness (level|value|levels); illumination
            (level|intensity|strength); light (level|intensity); overall brightness; light levels; local
            brightness; radiance; ambient light; illumination intensity; exposure (level|value)"""
        ),
        less=ways(
            """darkness; shadows; shadow; dimness; gloom; underexposure; darkness level; dark shadows; gloominess;
            murkiness"""
        ),
        complaints=ways(
            "dark; dark; dark; dim; gloomy; underexposed; murky; shadowy; black; badly lit; poorly lit; dull"
        ),
        faults=ways(
            """underexposed; (poorly|badly|insufficiently) (lit|illuminated|exposed); not bright enough; not
            (well|properly) lit; dark; very dark; in the dark; pitch black; under-exposed; not bright; lost in
            shadow; so dark; lacking light"""
        ),
        special=ways(
            """(turn|bring|push|crank|dial|bump) up the (brightness|illumination|exposure|light|luminance) (of|on|in)
            X; turn the (brightness|light|exposure|illumination) (of|on|in) X up; (bring|lift|pull|push) X out of
            the (dark|shadow|darkness| shadows); lift the shadows (in|on|of|under) X; open up the shadows (in|on)
            X; X (could use|needs|need|wants|could do with|requires|require) [(more|some|a bit of|extra)]
            (light|brightness|illumination|brightening|lighting); X (has| have|gets|get) (too little|not
            enough|insufficient|hardly any) (light|brightness|illumination); there is (too little| not
            enough|hardly any) light (on|in|at|around) X; let there be light (on|in) X; let [more] light
            (into|on|fall on) X; make the (brightness|luminance|illumination) of X
            (higher|greater|larger|stronger); X should (be|get) (lit|lit up| illuminated|brightened)
            [(better|up|more)]; make the light (on|in|at) X (stronger|brighter|more intense); X (is|are) not bright
            enough [(to see|for me)]; the darkness (of|in|around) X (bothers me|should go|is a problem); (make|
            have) X glow; set the (brightness|exposure) of X higher; give X a (brightness boost|brighter
            look|bright look|little light); (get|take) X out of the (dark|darkness|shadow|shadows); I can't see
            anything (in|around|under) X because it is [too] dark; increase how bright X (is|are); could you put
            some light (on| into|onto) X ?; X (is|are) drowning in (darkness|shadow); let X (shine|glow) more; it's
            too dark (in|on|at|around|near) X; it is too dark (at|in|on) X"""
        ),
        nominal=ways(
            """brighter X; a brighter X; brightness up (for|on|in) X; X brighter; light on X; X :
            (brighter|brighten|more light| lighter); X -> (brighter|more light|brighten); X (up|lit up|well lit);
            lighter X; better lit X; X , but brighter; a (brighter|lighter) look for X; too little light on X; not
            enough light on X; fewer shadows (on|in) X; less darkness (in|on|around) X; brightness boost for X;
            brightening of X; X better lit; X with more (light|brightness)"""
        ),
        whole=ways(
            """brighten; brighter; brighter please; more light; more light please; increase the
            (brightness|illumination|exposure| luminance); raise the (exposure|brightness|luminance); it's too
            dark; too dark; it is too dark; turn up the (brightness|light); make it brighter; brightness up; more
            brightness; lighten it up; not bright enough; I need more light; boost the exposure; lighter; it's so
            dark; way too dark; reduce the shadows; turn the lights on; light it up; everything is too dark; a
            brighter (picture|image); could it be brighter ?"""
        ),
    ),
    "darken": Wording(
        verbs=ways(
            """darken; darken; darken; dim; tone down; dim down; shade; turn down; dull; darken down; underexpose;
            take the brightness out of; subdue; cast [a] shadow on; black out"""
        ),
        split=(("tone", "down"), ("dim", "down"), ("turn", "down"), ("darken", "down")),
        better=ways(
            """darker; darker; darker; dimmer; less bright; less bright; less illuminated; less lit; less shiny; less
            exposed; less overexposed; less glaring; less luminous; less dazzling; shadier; gloomier; more
            (dim|shadowy|dark|subdued); duller; less blinding; not so bright; lower in (brightness|luminance); not
            as bright; more shaded; less light; less washed out; less saturated in light; less harsh"""
        ),
        plain=ways("dark; dark; dim; gloomy; shady; black; appear dark; subdued; shadowed"),
        more=ways("darkness; shadow; shade; dimness"),
        less=ways(
            """brightness; brightness; illumination; illumination; luminance; light; exposure; lighting; luminosity;
            glare; glare; lightness; brightness (level|value); illumination (level|intensity); light
            (level|intensity); overexposure; illuminance; excess light; dazzle; overall brightness; excessive
            brightness; light pollution; radiance; reflections of light; exposure (level|value); harsh light;
            blinding light"""
        ),
        complaints=ways(
            "bright; bright; bright; light; overexposed; shiny; glaring; dazzling; blinding; luminous; harsh; white"
        ),
        faults=ways(
            """overexposed; blown out; over-exposed; burnt out; blinding; dazzling; washed out; glaring; too brightly
            lit; so bright; blinding me; dazzling me; overlit"""
        ),
        special=ways(
            """(turn|bring|dial|tone|take|pull) down the (brightness|illumination|exposure|light|luminance|glare)
            (of|on|in) X; turn the (brightness|light|exposure|illumination|lights) (of|on|in) X down; X
            (has|have|gets|get) too much (light| brightness|illumination|exposure|glare); there is too much
            (light|glare|brightness) (on|in|at|around) X; (take|remove) some (light|brightness) (off|from|away
            from|out of) X; make the (brightness|luminance|illumination) of X (lower| smaller|weaker); make the
            light (on|in|at) X (weaker|softer|less intense|dimmer); the (glare|brightness|light) (of|on| from) X
            (bothers me|is disturbing|is too strong|hurts my eyes|is blinding); set the (brightness|exposure) of X
            lower; X should (be|get) (dimmed|darkened|toned down|shaded); put X in[to] [the] (shade|shadow|dark);
            give X a darker look; X (needs|need|could use) (less light|darkening|dimming|toning down|to be
            darker|some shade); let X (fade|sink) into the (dark|darkness|shadow); take (away|out) (some|a bit
            of|the) (brightness|light|glare) (from|in|of) X; X (is|are) blinding; reduce how bright X (is|are); X
            (outshine|outshines) everything; X (is|are) (glaring|dazzling); stop X from (glaring|dazzling|shining
            so much); X (shines|glows|glares) too (much|strongly|brightly); it's too bright (in|on|at|around|near)
            X; remove the glare (from|of|on) X; fade X to black; get rid of the (glare|overexposure) (on|in|of) X;
            knock down the (highlights|brightness) (on|of) X; X (dazzles|blinds) me"""
        ),
        nominal=ways(
            """darker X; a darker X; brightness down (for|on|in) X; X darker; X : (darker|darken|less light|dimmer); X
            -> (darker| less light|darken); X (toned down|dimmed|in the dark); dimmer X; X , but darker; a
            (darker|dimmer) look for X; too much light on X; less glare (on|from|in) X; shade on X; darkening of X;
            X less bright; X with less (light|brightness)"""
        ),
        whole=ways(
            """darken; darker; darker please; less light; less light please; (decrease|reduce|lower) the (brightness|
            illumination|exposure|luminance); drop the exposure; it's too bright; too bright; it is too bright;
            turn down the (brightness|light); make it darker; brightness down; less brightness; dim it; tone it
            down; overexposed; reduce the glare; too much light; less glare; way too bright; less bright;
            everything is too bright; a darker (picture|image)"""
        ),
    ),
    "denoise": Wording(
        verbs=ways(
            """denoise; denoise; denoise; clean up; clean; smooth; smooth out; de-noise; degrain; despeckle; clear up;
            cleanse; filter the noise (in|of|from); purify; tidy up; filter; suppress the noise in; run [a] (noise
            filter|denoising|noise reduction) on; apply (denoising|noise reduction|noise removal|a denoising
            filter|a noise filter) to; perform (denoising|noise reduction) on; use noise reduction on; do noise
            reduction on"""
        ),
        split=(("clean", "up"), ("smooth", "out"), ("clear", "up"), ("tidy", "up")),
        better=ways(
            """cleaner; less noisy; less noisy; less grainy; less grainy; smoother; less speckled; noise-free; more
            noise-free; free of (noise|grain); freer of noise; less dirty; less gritty; free from noise; less full
            of noise; less rough; without noise; grain-free"""
        ),
        plain=ways(
            """clean; smooth; noise-free; noise free; free of noise; free from (noise|grain); denoised; noiseless;
            grain free; clean and smooth"""
        ),
        less=ways(
            """noise; noise; noise; grain; grain; graininess; noisiness; image noise; sensor noise; speckle; speckles;
            speckle noise; digital noise; random noise; noise level; noise levels; static; visible noise; salt and
            pepper noise; gaussian noise; film grain; heavy noise; ugly grain; thermal noise; noise points; colour
            noise; specks; grain effect; disturbing noise; snow-like noise; dark noise; background noise; noise
            artefacts; noise and grain; noise artifacts; annoying noise"""
        ),
        complaints=ways("noisy; noisy; grainy; grainy; speckled; gritty; full of noise; full of grain"),
        faults=ways(
            """noisy; grainy; full of (noise|grain|speckles); covered in (noise|grain); speckled; very noisy;
            (really|quite|very) grainy; so noisy; noisy as hell; not clean; gritty"""
        ),
        special=ways(
            """(take|get|filter|clean|pull|wash|scrub) the (noise|grain|speckles) (out of|from|off) X; (get|make) X
            rid of (the|) (noise|grain); rid X of [its|the] (noise|grain|speckles); free X (from|of)
            (noise|grain|speckles); (clean|clear|strip) X of (noise|grain); get rid of [(all|all the|the|any)]
            (noise|grain|graininess|speckles) (in|on|from|of) X; there (is|'s) [(too much|so much|some|a lot
            of|lots of|heavy)] (noise|grain|speckle) (in|on|at|around|over) X; X (has|have| contains|shows|is full
            of|are full of|suffers from|suffer from) (too much|so much|a lot of|lots of|some|heavy)
            (noise|grain|speckle); (clean|clear) up X by (removing|reducing|filtering) [the] (noise|grain); the
            (noise|grain| speckles) (in|on|of|over|at) X (is|are) (annoying|disturbing|too
            strong|distracting|ugly|too high|terrible|everywhere| visible|bad); make the (noise|grain) (in|on) X
            (disappear|go away|vanish|weaker|less|lower); X (needs|need|could use| requires)
            (denoising|cleaning|noise reduction|a clean-up|smoothing|some cleaning|less noise|less grain); no
            (noise| grain) (in|on|for) X; X should (be|get) (cleaned|denoised|smoothed) [(up|out)]; filter X for
            noise; wipe the grain (off|from) X; clean the (noise|grain) (in|on|of|from) X; smooth the (noise|grain)
            (in|on|of) X; (can|could|should) the (noise|grain|speckles) (in|on|of|from) X be
            (removed|reduced|cleaned| suppressed|filtered [out]) ?; I (see|notice|find|have|get) (a lot of|too
            much|some|lots of|so much|heavy) (noise|grain| speckle) (in|on|around|at) X; get X cleaned of
            (noise|grain); clean up X by (suppressing|filtering out|eliminating) [the] (noise|grain); the
            (noise|grain) (in|on|of) X (should|must|has to) (go|disappear|be gone|be removed|vanish); X (is|are)
            drowning in noise; rid of (noise|grain) in X; X (is|are) still (noisy|grainy); keep noise out of X;
            (deal with|take care of|fix|handle) the (noise|grain) (in|on|of) X; noise should (be removed|be
            reduced|go|disappear) (from|in) X; X (is|are) full of (noise|grain) , (clean|remove) it"""
        ),
        nominal=ways(
            """less (noise|grain|graininess|speckle|speckles) (in|on|for|at|over) X; [a] (cleaner|smoother|less
            noisy|noise-free| less grainy) X; noise (reduction|removal|suppression) (for|in|on|of) X; denoising
            (of|for|on) X; too much (noise|grain) (in|on) X; X : (cleaner|denoise|less noise|denoising|smoother); X
            -> (denoise|cleaner|less noise); X without (noise| grain); X cleaner; X less noisy; no noise in X; X
            with less (noise|grain); lower noise (in|on) X; a clean X; cleanup of X"""
        ),
        whole=ways(
            """denoise; denoise it; remove the noise; remove noise; less noise; less noise please; reduce the
            (noise|grain); get rid of the (noise|grain|graininess); clean it up; too noisy; too much noise; it's
            noisy; it's too grainy; no noise please; remove the grain; noise reduction; apply noise reduction; less
            grain; cleaner; smoother; filter out the noise; suppress noise; eliminate [all] [the] noise; clean the
            noise; remove all noise; noise off; lower the noise level; reduce noise; run a noise filter; there is
            too much noise; do a denoising; just denoise; remove the noise everywhere"""
        ),
    ),
}

UP = ways(
    """increase; increase; raise; raise; boost; boost; enhance; enhance; improve; amplify; elevate; lift; heighten;
    strengthen; intensify; promote; augment; turn up; bump up; crank up; push up; step up; ramp up; pump up; push;
    add to; upgrade"""
)
DOWN = ways(
    """reduce; reduce; lower; lower; decrease; decrease; diminish; weaken; cut; cut down; turn down; dial down; tone
    down; bring down; lessen; attenuate; minimise; minimize; suppress; drop; take down; mute; dampen; soften;
    limit; scale back; cut back on"""
)
REMOVE = ways(
    """remove; remove; eliminate; get rid of; clean up; clean; filter out; filter; erase; wipe out; take away; take
    out; clear; do away with; suppress; clear up; kill; cancel; delete; smooth out; strip away; clean away; wash
    out; iron out; scrub; mitigate"""
)

VOCABULARY: dict[str, tuple[str, ...]] = {
    "BIAS": ways(
        """bias; bias; bias; tilt; lean; shift; shift; incline; steer; push; move; skew; drive; pull; orient; nudge;
        draw; turn; sway; bend; slant; tip; change; adjust; guide; drag; rebalance; weight; tune"""
    ),
    "TOWARDS": ways(
        """towards; towards; towards; toward; toward; to; in the direction of; in favour of; closer to; more towards;
        more to; in favor of; into"""
    ),
    "MORELY": ("", "", "", "", "more", "mostly", "mainly", "only", "just", "rather", "primarily", "purely"),
    "IR_SOURCE": ways(
        """infrared; infrared; infrared; the infrared; thermal; thermal; the infrared image; the infrared image;
        infrared image; the thermal image; thermal image; the thermal picture; the infrared picture; ir; the ir
        image; infrared perception; infrared light; the infrared modality; the thermal camera; the thermal source;
        infrared information; infrared features; thermal information; the thermal domain; the infrared side; heat;
        the heat image; the ir; thermal infrared; the thermal channel; infrared attributes; the infrared band; the
        thermal one; the infrared source; the infrared attribute; thermal radiation; infrared vision; the thermal
        modality; infrared data; lwir; the infrared photo; infrared characteristics"""
    ),
    "VIS_SOURCE": ways(
        """visible; visible; visible light; visible light; the visible image; the visible image; visible image; the
        visible; rgb; the rgb image; the visible picture; the visible photo; the visible light image; the optical
        image; the visible modality; the daylight image; the visible camera; visible information; visible features;
        the visible side; the visible domain; the normal photo; the colour image; the visible channel; visible
        attributes; the visible one; the visible source; the visible attribute; the rgb photo; the visible band;
        visible-light information; the color photo; the normal camera; the visual image; visible perception; the
        visible spectrum"""
    ),
}

DEGREES: dict[str, dict[int, tuple[str, ...]]] = {
    # Before a comparative: "much brighter", "a lot more detail".
    "comparative": {
        1: ways(
            """slightly; a bit; a little; a little bit; a tad; somewhat; even; a touch; still; a tiny bit; just a bit;
            a wee bit; rather; a notch"""
        ),
        2: ways(
            """much; much; a lot; far; way; considerably; significantly; much much; so much; a whole lot; really;
            greatly; a great deal; twice as much; noticeably; substantially; a good deal; very much; markedly;
            lots; quite a lot; considerably; strongly; a good bit; dramatically; vastly; many times"""
        ),
        3: ways(
            """extremely; three times; incredibly; infinitely; thrice; ten times; 3x; maximally; insanely; five times;
            enormously"""
        ),
    },
    # Before a verb: "strongly brighten".
    "verb": {
        1: ways(
            """slightly; gently; a bit; subtly; lightly; mildly; moderately; just slightly; softly; somewhat; a
            little; carefully and slightly; modestly; faintly; marginally"""
        ),
        2: ways(
            """strongly; strongly; significantly; considerably; greatly; really; heavily; substantially; drastically;
            very strongly; markedly; massively; dramatically; really strongly; noticeably; intensely; aggressively;
            much; powerfully; vigorously; heavily"""
        ),
        3: ways(
            """extremely; maximally; completely; totally; extremely strongly; fully; utterly; entirely; absolutely;
            enormously; to the maximum"""
        ),
    },
    # After the object: "brighten the road a lot".
    "end": {
        1: ways(
            """a bit; a little; a little bit; slightly; a tad; somewhat; a touch; just a bit; gently; a tiny bit; by a
            bit; once; a notch; a little more; a bit more; only slightly; to a small extent; ever so slightly; just
            a little; by a little; moderately"""
        ),
        2: ways(
            """a lot; a lot; strongly; significantly; considerably; very much; twice; two times; 2x; by a lot; a great
            deal; heavily; substantially; by a factor of two; greatly; a whole lot; drastically; much more; a lot
            more; big time; quite a lot; massively; dramatically; quite a bit; so much; really strongly; very
            strongly; a good deal; twofold; by a factor of 2; x2; a ton"""
        ),
        3: ways(
            """as much as possible; as much as possible; extremely; three times; as much as you can; to the maximum;
            to the max; completely; 3x; as far as possible; threefold; thrice; maximally; as strongly as possible;
            to the extreme; by a factor of three; all the way; totally; enormously; to the limit; by a factor of 3;
            three times over; as much as it goes; as hard as you can; to the fullest"""
        ),
    },
    # Before a positive quality: "make it very bright".
    "plain": {
        1: ways("fairly; rather; quite; reasonably; somewhat; a bit; a little"),
        2: ways("very; very; really; very very; twice as; strongly; much; remarkably"),
        3: ways(
            """extremely; extremely; incredibly; absolutely; insanely; completely; totally; three times as;
            exceedingly; super; ultra; maximally"""
        ),
    },
}
