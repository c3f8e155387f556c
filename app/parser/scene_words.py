"""Words of noun phrases: what can be seen in street pictures, colours, positions, relations.

They tell a bare referring expression ("tree beside the car") from a remark ("what is the weather?"), decide whether an
"and" joins two things or two properties of one, and protect region words from spelling correction.
"""

from __future__ import annotations

PEOPLE = frozenset(
    """person persons people pedestrian pedestrians man men woman women boy boys girl girls child children kid kids
    baby adult adults guy guys lady ladies gentleman gentlemen human humans cyclist cyclists biker bikers rider riders
    motorcyclist motorcyclists motorist motorists driver drivers passenger passengers worker workers walker walkers
    jogger joggers runner runners skateboarder skater officer officers policeman policemen policewoman soldier
    soldiers figure figures crowd group groups couple pair family student students tourist tourists passerby passersby
    passer-by passers-by guard guards player players firefighter firefighters shopper somebody someone individual
    individuals bicyclist bicyclists scooterist vendor cop cops teenager teenagers toddler stranger body bodies
    silhouette silhouettes team queue""".split()
)
GARMENTS = frozenset(
    """shirt shirts t-shirt tshirt jacket jackets coat coats trousers pants jeans shorts skirt dress dresses suit hat
    hats cap caps helmet helmets hood hoodie sweater vest vests shoes boots sneakers scarf gloves bag bags backpack
    backpacks rucksack handbag umbrella umbrellas glasses sunglasses mask uniform uniforms clothes clothing outfit top
    sleeves beard hair ponytail briefcase suitcase stick cane phone dog-lead leash stroller pram tie belt sandals
    cardigan blouse raincoat overcoat socks robe apron cape""".split()
)
THINGS = frozenset(
    """car cars truck trucks lorry lorries bus buses van vans minivan minivans suv suvs sedan sedans taxi taxis cab
    cabs pickup pickups jeep hatchback wagon trailer trailers vehicle vehicles motorcycle motorcycles motorbike
    motorbikes moped scooter scooters bicycle bicycles bike bikes tricycle rickshaw tram trams train trains ambulance
    tractor excavator bulldozer crane cranes boat boats ship ships plane planes aircraft airplane helicopter drone
    wheel wheels tyre tyres tire tires windshield windscreen bumper bonnet hood headlight headlights headlamp
    headlamps taillight taillights tail-light tail-lights mirror mirrors exhaust engine engines roof roofs door doors
    window windows plate plates licence license cone cones bollard bollards barrier barriers post posts pole poles
    pillar pillars column columns sign signs signboard signboards signpost signposts billboard billboards board boards
    banner banners poster posters placard notice arrow arrows letter letters lettering text word words number numbers
    digit digits logo logos symbol symbols marking markings mark marks line lines lane lanes stripe stripes strip
    strips crosswalk crosswalks crossing crossings zebra curb curbs kerb kerbs gutter drain manhole manholes cover
    covers hydrant hydrants mailbox postbox meter meters lamp lamps lamppost lampposts lamp-post streetlight
    streetlights streetlamp streetlamps light lights lantern lanterns spotlight spotlights floodlight floodlights bulb
    bulbs signal signals road roads street streets highway motorway freeway avenue alley alleys path paths pathway
    pathways track tracks trail sidewalk sidewalks pavement pavements footpath walkway driveway driveways roadside
    roadsides roadway intersection junction crossroads roundabout corner corners bend curve lot parking square plaza
    yard courtyard ground floor asphalt concrete tarmac gravel dirt soil mud sand snow ice puddle puddles water river
    lake sea pond fountain pool canal bridge bridges overpass underpass tunnel tunnels viaduct ramp stairs stair steps
    staircase escalator railing railings rail rails guardrail guardrails fence fences gate gates wall walls hedge
    hedges building buildings house houses hut huts shed garage garages shop shops store stores restaurant cafe café
    hotel school church temple mosque tower towers skyscraper skyscrapers skyline apartment apartments office factory
    warehouse stadium station stop shelter booth kiosk stall stalls tent tents facade facades façade balcony balconies
    chimney chimneys arch arches entrance entrances exit exits porch awning awnings canopy canopies shutter shutters
    curtain curtains brick bricks tile tiles stone stones rock rocks boulder boulders block blocks slab tree trees
    trunk trunks branch branches leaf leaves foliage bush bushes shrub shrubs plant plants flower flowers grass lawn
    meadow field fields garden gardens park parks forest woods palm palms vegetation greenery crops hill hills
    hillside mountain mountains slope cliff horizon sky skies cloud clouds sun moon star stars rain fog smoke steam
    fire fires flame flames shadow shadows reflection reflections glow dog dogs cat cats bird birds horse horses cow
    cows sheep deer animal animals pigeon pigeons bear fox bench benches chair chairs table tables seat seats bed sofa
    box boxes bin bins dumpster dumpsters can cans bottle bottles bucket buckets bag basket cart carts trolley
    wheelchair stroller planter planters pot pots pipe pipes cable cables wire wires power-line antenna antennas
    satellite dish camera cameras screen screens monitor laptop clock clocks flag flags statue statues monument
    sculpture bust head heads face faces hand hands arm arms leg legs foot feet hair eyes nose hip back shoulder
    shoulders arm background foreground edge edges side sides half part parts area areas region regions zone zones
    spot spots patch patches section sections rest middle center centre target targets object objects item items
    obstacle obstacles thing things surface surfaces contour contours outline outlines row rows bump bumps hole holes
    container containers pallet pallets barrel barrels tank tanks gas pump pumps traffic panel panels solar graffiti
    mural painting picture-frame display vending machine machines atm phone phones toy ball balls kite rope ladder
    ladders scaffold scaffolding construction site platform platforms dock pier beach shore island valley street-lamp
    carriage caravan rv limousine racecar convertible coupe suv's license-plate bus-stop busstop overhang divider
    median mound rack stand stands lid vent grille hose cylinder weapon gun rifle rifles knife bunker trench camp tank
    helmet insulator insulators transformer transformers radiator heater boiler runway hangar substation pylon pylons
    turbine turbines rooftop rooftops attic basement hallway corridor ceiling room kitchen desk shelf shelves
    lamp-posts vegetation scenery land landscape terrain ditch fields farmland farm barn silo tractor mower bulldozers
    hydrants vines ivy trellis pergola gazebo pavilion pagoda lawnmower skateboard skateboards surfboard guidepost
    delineator noticeboard hoarding turnstile cabin cabins container bollards' crate crates carton cartons trash
    garbage rubbish litter debris tree-trunk taillamp taillamps tail brake brakes indicator indicators signage
    billboard's pedestrians' sidewalk's""".split()
)
COLOURS = frozenset(
    """black white red green blue yellow orange brown grey gray silver golden gold pink purple beige dark light bright
    pale reddish bluish greenish yellowish whitish turquoise maroon cyan magenta violet navy khaki cream tan teal
    coloured colored colourful colorful striped checked plaid dotted spotted transparent metallic
    multicoloured""".split()
)
POSITIONS = frozenset(
    """left right upper lower top bottom front rear back middle central centre center leftmost rightmost nearest
    closest farthest furthest far near nearby distant first second third fourth fifth sixth last next inner outer
    left-hand right-hand far-left far-right topmost bottommost lefthand righthand opposite other foremost hindmost
    rearmost near-side north south east west northern southern eastern western left-most right-most upper-left
    upper-right""".split()
)
QUALITIES = frozenset(
    """big small large little tall short long wide narrow thick thin high low old young new round square rectangular
    triangular circular oval tiny huge enormous giant heavy empty full open closed parked moving standing walking
    running sitting riding lit unlit glowing bright-lit illuminated wooden metal stone concrete brick glass plastic
    wet dry dirty clean broken bare dense leafy grassy bushy flat steep straight curved tilted leaning hidden visible
    blurry blurred bright dark dim clear cold warm hot cool single lone only main whole entire larger smaller bigger
    taller shorter older younger brighter darker largest smallest biggest tallest shortest brightest darkest longest
    widest hottest coldest oncoming approaching passing stopped crossing waiting driving flying hanging reflective
    shiny striped paved unpaved distant isolated double twin triple various several many few numerous electric
    electrical public modern ancient busy crowded quiet fat slim strong weak steel iron rusty painted tiled
    traditional residential commercial industrial rear-facing police fire school delivery street traffic road palm
    pine oak night evening day sunny cloudy snowy foggy smoking talking cycling jogging sleeping lying kneeling
    crouching bending same remaining surrounding neighbouring neighboring adjacent residential two-storey
    multi-storey""".split()
)
QUANTIFIERS = frozenset(
    """one two three four five six seven eight nine ten both all some several many few every each any most half
    another no 1 2 3 4 5 6 7 8 9 10 couple dozen various other others""".split()
)
ARTICLES = frozenset("a an the this that these those my your our his her its their teh tha le la".split())
PREPOSITIONS = frozenset(
    """of in on at by with near beside behind under over above below between among around along across from to into
    onto inside outside within without beneath underneath before after against towards toward through throughout
    beyond next alongside opposite off up down for amid amidst past about like than as upon via during except wearing
    holding carrying pushing riding facing nearest closest left right front top bottom ahead out adjacent close far
    away""".split()
)
RELATIVES = frozenset("who which that whose where whom".split())
PRONOUNS = frozenset("it them him her they this that these those itself themselves one ones she he 'em em".split())
# Words that by themselves name nothing and ask for nothing.
EMPTY_WORDS = (
    ARTICLES
    | PRONOUNS
    | RELATIVES
    | frozenset(
        """'s of in on at by with from to into onto for as and or but than so if is are was were be been do does did has
        have had not i you we me us""".split()
    )
)
NOUNS = PEOPLE | GARMENTS | THINGS
MODIFIERS = COLOURS | POSITIONS | QUALITIES
# Words of remarks and small talk; a text with one of them outside a relative clause is no referring expression.
REMARK_WORDS = frozenset(
    """i i'm i've i'd i'll you you're he she we they it's what what's how how's why when whose is are was were am be
    been do does did has have had will would can could should may might must shall hello hi hey thanks thank yes okay
    sorry bye goodbye please lol haha hmm um""".split()
)
# Words that are talk unless an article introduces them ("the number under the company name").
TALK_WORDS = frozenset(
    """weather tomorrow today yesterday joke news score language good morning welcome test testing hola bonjour
    nothing whatever nevermind cancel help quit love hate think know mean tell say said lorem ipsum there here time
    name price cost buy sell meaning recipe song music story poem translate calculate capital president no
    ok""".split()
)
WHOLE_HEADS = frozenset(
    """image images picture pictures photo photos photograph photographs scene scenes frame frames shot view result
    results output fusion everything all thing things composition pair pic pics screen-shot scenery whole overall
    imagery it anything""".split()
)
WHOLE_MODIFIERS = frozenset(
    """the a an this that these those my our your whole entire full complete overall fused final resulting total both
    all of two input source output fusion infrared visible thermal rgb ir current given original result image picture
    photo in and every part it merged combined""".split()
)
