"""Words for things in pictures: everyday, rare and invented, so that a region's words are copied, not recognised."""

from __future__ import annotations

import random

PEOPLE = """person people man men woman women pedestrian pedestrians cyclist cyclists boy girl child children kid kids
motorcyclist driver drivers worker workers officer policeman jogger runner skater guard soldier soldiers tourist
passenger passengers couple family crowd group rider riders biker lady gentleman guy guys figure figures player
players walker walkers student students firefighter firefighters hiker hikers vendor courier toddler baby teenager
adult adults human humans bystander bystanders intruder suspect victim survivor swimmer skier climber farmer fisherman
nurse waiter scooterist commuters shoppers""".split()
VEHICLES = """car cars truck trucks van vans bus buses bicycle bicycles bike bikes motorcycle motorbike scooter tram
train taxi suv sedan hatchback pickup minibus lorry trailer vehicle vehicles ambulance jeep coach excavator bulldozer
crane forklift tractor boat boats ship ships ferry plane aircraft helicopter drone tank cart wagon rickshaw tricycle
minivan limousine convertible moped trolley dinghy yacht kayak barge locomotive carriage""".split()
PARTS = """wheel wheels window windows windshield windscreen bumper headlight headlights taillight taillights roof
door doors hood mirror plate engine tire tires tyre exhaust trunk handlebar seat face head hair hand hands arm leg
legs foot feet shirt jacket coat backpack facade entrance balcony balconies chimney edge edges corner top bottom side
surface branches leaves crown frame screen lid handle cabin deck bonnet spokes silhouette outline back front lettering
letters writing text number rim shadow reflection""".split()
THINGS = """road roads street lane crosswalk sidewalk pavement path road~path footpath alley bridge tunnel building
buildings house houses shop shops wall walls fence fences gate gates sign signs traffic~sign street~sign road~sign
traffic~light traffic~lights street~lamp street~light lamp lamps lamp~post light lights pole poles post bollard
bollards cone cones traffic~cone traffic~cones color~cone color~cones barrier barriers guardrail railing railings
bench benches bin bins trash~can box boxes bag bags umbrella umbrellas tree trees bush bushes hedge hedges grass lawn
plant plants planter flower~bed flowers sky cloud clouds moon sun water river lake puddle puddles sea beach mountain
mountains hill hills field fields forest rock rocks stone stones snow sand ground floor curb kerb manhole bump
speed~bump billboard banner poster flag statue fountain clock tower towers antenna cable cables wire wires pipe pipes
ladder scaffolding container containers barrel tent awning stall kiosk booth shelter bus~stop stairs steps staircase
escalator zebra~crossing parking~lot parking~meter fire~hydrant mailbox phone~booth dog dogs cat cats horse horses cow
cows bird birds sheep deer background foreground road~marking road~markings arrow arrows lane~marking number~plate
license~plate advertisement neon~sign shop~sign display panel solar~panel skyscraper apartment~block garage warehouse
hut church school~building hospital station platform track tracks rail rails crossing intersection roundabout square
courtyard garden park pond dock pier harbour harbor runway hangar smoke fire flame flames steam fog ball bottle table
tables chair chairs laptop phone cup plate picture~frame window~frame curtain stove radiator heater boiler transformer
insulator substation power~line pylon turbine valve motor pump circuit~board chip asphalt carriageway embankment
rubble debris trench camp bunker cottage barn silo trunk trunks cone~mark facade facades letters shrubbery vegetation
foliage undergrowth canopy treetop hillside slope cliff shore island area region skyline horizon headlights headlight
windscreen windshield tail~lights road~surface tree~trunk trees~area street~corner shop~window shop~windows
rear~window traffic~island warning~triangle stop~sign""".split()
RARE = """theodolite gantry portcullis obelisk wigwam zeppelin gondola catamaran palanquin pergola gazebo trellis
sundial anemometer culvert gabion weir sluice derrick quay jetty groyne lighthouse windsock scarecrow hammock
trampoline wheelbarrow pitchfork sledgehammer anvil bellows kiln brazier cauldron samovar lantern chandelier
candelabra harpsichord xylophone gramophone typewriter abacus sextant astrolabe metronome hourglass weathervane
gargoyle buttress minaret pagoda ziggurat yurt igloo teepee stupa dolmen menhir aqueduct viaduct trebuchet cannon
musket halberd armadillo capybara platypus wombat ocelot ibex yak llama alpaca flamingo heron cormorant pelican
ostrich peacock hedgehog badger otter walrus manatee iguana gecko cactus baobab sequoia juniper rhododendron wisteria
hyacinth fern moss lichen mangrove bamboo ginkgo magnolia thistle nettle pumpkin artichoke aubergine pomegranate
snowplough snowman bobsleigh toboggan unicycle velocipede hovercraft monorail funicular segway quadcopter rover
gyrocopter tuktuk paraglider parasol poncho sombrero kimono kilt tuxedo fez turban balaclava snorkel flippers rucksack
duffel briefcase holdall suitcase samsonite cooler picnic~basket barbecue grill smoker skillet teapot kettle thermos
flask toaster colander ladle spatula corkscrew defibrillator stethoscope stretcher crutches walker wheelchair pram
tripod gimbal dolly spotlight floodlight projector loudspeaker megaphone intercom keypad turnstile bollard~row
tarpaulin pallet jerrycan dumpster skip hopper conveyor gearbox flywheel manifold compressor condenser chiller
evaporator capacitor inductor resistor heatsink busbar switchgear thyristor relay fuse~box manometer hydrometer
paving~stone cobbles kerbstone bailey moat drawbridge battlement turret belfry steeple cupola dome rotunda portico
colonnade atrium mezzanine dormer gable eaves soffit mullion transom lintel architrave plinth pedestal bust mosaic
fresco tapestry""".split()
ADJECTIVES = """big small large little tall short long wide narrow old young new round square empty open closed parked
moving standing walking running seated lit wooden metal concrete brick glass plastic wet dry dirty broken bare leafy
flat steep straight curved blurry cold warm hot single lone entire main oncoming approaching waiting hanging
reflective shiny striped distant thin thick heavy tiny huge half-open two-storey four-wheeled rusty painted abandoned
illuminated neighbouring visible crowded occupied barely~visible brightly~lit partly~hidden snow-covered dimly~lit
overexposed noisy grainy clear clean salient prominent detailed textured faint hidden distinct infrared thermal sharp
natural""".split()
COLOURS = """black white red green blue yellow orange brown grey gray silver golden pink purple beige dark light
bright dark~blue light~blue dark~red bright~yellow pale~green black~and~white red~and~white yellow~and~black
blue~and~white green~and~yellow dark~green white~and~blue turquoise olive maroon neon""".split()
POSITIONS = """left right leftmost rightmost upper lower top bottom middle central nearest closest farthest furthest
front rear back left-hand right-hand far near first second third fourth fifth last next other topmost outer inner
second~nearest third~leftmost upper~left lower~right bottom~left top~right far~left far~right biggest largest smallest
tallest brightest darkest closest shortest longest hottest warmest only""".split()
WORN = """jacket coat shirt t-shirt hat cap helmet dress skirt trousers jeans shorts hoodie scarf vest uniform suit
boots sneakers backpack glasses mask gloves raincoat sweater safety~vest""".split()
CARRIED = """umbrella bag backpack suitcase dog stroller phone box basket child bicycle shopping~bag handbag ladder
ball cane camera guitar briefcase torch flag skateboard parcel""".split()
POSTURES = """walking standing running crossing~the~road sitting~on~the~bench waiting~at~the~bus~stop riding~a~bicycle
walking~away walking~towards~the~camera looking~at~the~camera crossing~the~street standing~next~to~the~car
leaning~against~the~wall pushing~a~stroller talking~on~the~phone walking~a~dog standing~still walking~on~the~sidewalk
standing~in~the~shadow coming~out~of~the~shop getting~on~the~bus kneeling~down playing~football carrying~a~box
carrying~two~bags holding~hands holding~an~umbrella standing~under~the~lamp~post turning~left about~to~cross
in~the~dark in~motion standing~in~the~bright~light""".split()
STATES = """parked~on~the~left parked~along~the~road parked~in~front~of~the~gate driving~away turning~right
waiting~at~the~light coming~towards~us with~its~lights~on with~the~headlights~on in~the~parking~lot covered~by~leaves
covered~in~snow half~hidden partly~hidden~by~the~tree hanging~from~the~wall lying~on~the~ground
leaning~against~the~fence standing~alone cut~off~at~the~edge lit~by~the~lamp lit~from~below painted~white made~of~wood
glowing~in~the~dark facing~left facing~the~camera in~the~shade in~full~sun that~is~lit in~the~bright~area
overgrown~with~ivy at~night""".split()
PLACES = """on~the~left on~the~right on~the~left~side on~the~right~side on~the~far~left on~the~far~right at~the~top
at~the~bottom in~the~middle in~the~center in~the~centre in~the~background in~the~foreground in~the~distance
on~the~left~side~of~the~road on~the~right~side~of~the~street in~the~upper~left in~the~lower~right~corner
in~the~top~right~corner at~the~bottom~left at~the~left~edge at~the~edge~of~the~picture in~the~middle~of~the~road
on~the~left~and~right on~both~sides to~the~left to~the~right to~the~left~of~the~car at~the~far~end~of~the~street
from~the~left from~the~right on~left on~the~sidewalk on~the~road by~the~roadside at~the~crossing near~the~gate
in~the~middle~of~the~image on~the~left~of~the~image in~the~dark at~night far~away closest~to~the~camera nearest~to~us
furthest~from~the~camera in~the~first~row on~top~of~the~hill behind~everything above~the~entrance
along~the~road~on~the~left across~the~street around~the~corner up~front under~the~trees out~in~the~open""".split()
RELATIONS = """beside next~to near behind in~front~of under above below between over by close~to to~the~left~of
to~the~right~of left~of right~of along opposite against beyond on~top~of inside outside among around on in at across
adjacent~to just~behind right~next~to directly~under right~behind on~the~other~side~of off past underneath facing
beneath""".split()
NUMBERS = """two three four five six seven both all several many some few all~the every each both~of~the 2 3 4 5 10
a~few a~couple~of two~of~the one~of~the most~of~the half~of~the a~group~of a~row~of a~pair~of any other the~other
all~of~the twelve the~only the~two the~three""".split()
NAMES = "STOP|EXIT|Bar|Hotel|No Parking|P|Pizza|Taxi|OPEN|50|A12|Café|SALE|KFC|Metro|30|Zone".split("|")

_ONSETS = (
    "b bl br c ch cl cr d dr f fl fr g gl gr h j k kl kn l m n p pl pr qu r s sc sh sk sl sm sn sp st str t th tr "
    "v w x z"
).split()
_VOWELS = "a a a e e e i i o o u ai ee oo ou ea y".split()
_CODAS = ["", "", "", *"b ck d ff g l ll m n nd ng nk nt p r rd rk rm rn s sh sp ss st t th x z rt lt".split()]


def invented_word(rng: random.Random) -> str:
    """A word nobody has seen: pronounceable, or now and then a code such as "zx-40"."""
    if rng.random() < 0.06:
        letters = "".join(rng.choices("abcdefghijklmnopqrstuvwxyz", k=rng.randint(1, 4)))
        return f"{letters}{rng.choice(('', '-'))}{rng.randint(1, 99)}"
    syllables = (
        rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS) for _ in range(rng.choice((1, 2, 2, 3)))
    )
    return "".join(syllables) + rng.choice(("", "", "", "s", "er", "ing", "y", "ed"))


def is_plural(noun: str) -> bool:
    """Whether a noun most likely stands for several things; only agreement of "is" and "are" hangs on it."""
    return noun in ("people", "men", "women", "children") or (
        noun.endswith("s") and not noun.endswith(("ss", "us", "as"))
    )
