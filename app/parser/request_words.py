"""Words around a request: how much, how politely, and what not to do. `|` separates alternatives."""

from __future__ import annotations

# How much. Removed before the grammar looks at a clause.
DEGREES: tuple[tuple[int, str], ...] = (
    (
        3,
        "as much as possible|as much as you can|as much as it can|as far as possible|as strongly as possible|"
        "as hard as possible|to the maximum|to the max|to the extreme|to the fullest|to the limit|all the way|"
        "extremely|"
        "exceedingly|three times|3 times|thrice|3x|x3|3 x|three fold|threefold|three-fold|maximally|incredibly|"
        "insanely|"
        "ultra|utterly|completely|totally|fully|entirely|absolutely|four times|five times|by three times|"
        "by a factor of three|"
        "to an extreme degree|to the utmost|in the extreme|extraordinarily|by a factor of 3|max|enormously|super|"
        "hugely|"
        "as possible|as you can|to the highest degree|ten times|4x|5x|tremendously",
    ),
    (
        2,
        "much|very much|so much|a lot|a whole lot|lots|quite a lot|strongly|very strongly|twice|two times|2 times|2x|"
        "x2|2 x|"
        "considerably|significantly|substantially|greatly|heavily|markedly|really|highly|a great deal|a good deal|"
        "quite a bit|drastically|dramatically|vastly|massively|intensely|powerfully|big time|twofold|two-fold|two fold|"
        "by a lot|immensely|intensively|aggressively|noticeably|a ton|tons|way|far|very|twice over|by a factor of two|"
        "to a large extent|in a big way|a good bit|by a factor of 2|sharply|deeply|firmly|notably|remarkably|severely|"
        "forcefully|profoundly|vigorously|radically|extensively|thoroughly|by much",
    ),
    (
        1,
        "slightly|a bit|a little|a little bit|a tiny bit|somewhat|a tad|a touch|gently|mildly|subtly|moderately|"
        "lightly|"
        "softly|marginally|faintly|minimally|weakly|just a bit|just a little|once|one time|"
        "a fraction|a shade|a notch|one notch|by a bit|by a little|rather|fairly|a smidge|a hair|a trifle|"
        "to some extent|to a small extent|modestly|delicately|ever so slightly|still|even|quite|so|some|1x|sort of|"
        "kind of",
    ),
)
# Degrees that are common inside noun phrases, so they count only before a comparative.
COMPARATIVE_ONLY = frozenset(
    "way far very really so well super max ultra quite rather fairly still even highly some as possible".split()
    + ["as possible", "as you can"]
)
# Empty adverbs at the end of a clause.
TRAILING = (
    "please|pls|plz|thanks|thank you|thx|for me|for us|if possible|if you can|if you could|would you|will you|"
    "could you|"
    "can you|now|right now|again|too|as well|also|instead|more|even more|some more|further|clearly|more clearly|"
    "easily|more easily|nicely|properly|immediately|quickly|only|more strongly|more prominently|prominently|at once|"
    "in detail|as needed|accordingly|carefully|okay|ok|first|afterwards|a second time|once more|separately|"
    "individually|respectively|at all|here|automatically|at the same time|altogether|overall|globally|everywhere|"
    "all over|"
    "a bit more|a little more|slightly more|in general|throughout|kindly|for visibility|for better visibility|"
    "a better look|"
    "for clarity|than now|than before|than it is|than it is now|than they are|than they are now|than usual|likewise|"
    "in the result|in the fused image|in the fused picture|in the fused result|in the fusion result|in the output|"
    "in the fusion|in the final image|in the final picture|in the final result|in the fusion image|"
    "in the resulting image"
)
# Words that start or soften a request and ask for nothing themselves, in the notation of `notation`.
PREFIX = (
    "please|pls|plz|kindly|hey|hi|hello|ok|okay|well|so|now|just|also|then|first|firstly|second|secondly|third|"
    "thirdly|finally|"
    "lastly|afterwards|again|maybe|perhaps|simply|additionally|furthermore|moreover|and|but|next|dear|yes|alright|only|"
    "especially|particularly|mainly|mostly|above all|even|still|more importantly|next up|in addition|on top of that|"
    "at the same time|meanwhile|as a first step|after that|don't forget to|do not forget to|why don't you|why not|"
    "remember to"
    " | (could|can|would|will|might) you {please|kindly|also|maybe|just|perhaps|possibly|try to|help me to|help me|"
    "then}"
    " | (could|can|may|might) (we|i) {please|also|just}"
    " | (i|we) {really|just|also|only|would|'d|d|do} (want|need|would like|like|love|wish|prefer|expect|ask|"
    "hope) [you|it|for you] to"
    " | (i'd|we'd|id|i would|we would|i should) {really|just|also} (like|love|prefer|appreciate) [you|"
    "it if you could|it if you] [to]"
    " | (i|we) {really|just|also|only} (want|need|wish for|would like|would love|wish|require|prefer|"
    "am looking for) [that]"
    " | i'm looking for | i wanna | (i'm|i am|we're|we are) (trying|hoping|looking|going) to"
    " | (it would|it'd|that would) be (nice|great|good|helpful|lovely|best) [if you could|if you can|to|if]"
    " | (would|do) you mind | (would|is) it [be] possible to | how (can|could|do|would|should) (i|you|we)"
    " | let us | let's | lets | try to | try and | try | go ahead and"
    " | (make sure|be sure|ensure) to | (make sure|ensure) [that] you | let me | you (should|must|can|could|need to|"
    "have to) | we (should|must|can|could|need to|have to)"
    " | i (must|have to|should) | your (task|job) is to | the (task|goal|aim) is to | help (me|us) [to] | help to"
    " | do me a (favour|favor) and | feel free to | start by | begin by | proceed to | i ask you to"
    " | (i'd|i would) appreciate it if you could"
)
# Prefix words that also open noun phrases ("second car from the left"): dropped only before a verb.
ORDINAL_PREFIXES = frozenset("first second third next only well".split())
NEGATION = (
    "don't|dont|do not|never|no need to|there is no need to|there's no need to|avoid|you shouldn't|you should not|"
    "must not|not|without|except|except for|excluding|ignore|leave out|rather than|instead of|apart from|refrain from|"
    "skip|don't you|you don't have to|you do not have to|you needn't|neither|nor|no change to|no changes to|"
    "no change in"
    " | (i|we) (don't|do not|don't ever) (want|need|like) [you] [to]"
)
LINKS = (
    "and|or|plus|then|afterwards|while|whilst|whereas|but|however|though|although|yet|because|until|since|followed by"
)
UNCHANGED = (
    "alone|as is|as it is|as they are|untouched|unchanged|the same|as before|like it is|the way it is|how it is|out|"
    "as it was|intact|unaltered|unmodified|out of it|like that|as you found it|in peace|unaffected"
)
