"""Names of things that are no dictionary words: abbreviations, brands, numbers, accents, other scripts, pronouns of
any or all."""

from __future__ import annotations

import random
from collections.abc import Callable

from training.parser import nouns

_ABBREVIATIONS = (
    "ATM SUV VW BMW CCTV LED TV PC UPS USB EV RV HGV 4WD ICE U-Bahn S-Bahn DHL IKEA KFC NASA FBI WC AC UFO GPS X-ray "
    "T-junction H2O MG3 PV HVAC VIP ID WiFi 5G DB JR TGV Q7 GT SOS UK EU NYC"
).split()
_BRANDS = (
    "VW BMW Ford Fiat Kia Audi Toyota Tesla Volvo Mini Seat Opel Mazda Honda Nissan Citroën Škoda Renault Mercedes "
    "Porsche Vespa Harley Yamaha John~Deere Caterpillar Lidl Aldi Shell Esso McDonald's Starbucks Coca-Cola Nike "
    "Samsung Sony Siemens Bosch FedEx Deutsche~Bahn Land~Rover Red~Bull"
).split()
_MODELS = (
    "Golf Polo X5 X3 Focus 500 Rio A4 Q5 Yaris Model~3 XC60 Cooper Leon Corsa CX-5 Civic Leaf C3 Octavia Clio 911 "
    "GTI Transit Sprinter F-150 320i Passat 3000 T5 R2-D2 737 A380 E-Class Cup"
).split()
_ACCENTED = (
    "café façade Müller Bäckerei crêperie naïve jalapeño piñata Zürich Łódź Škoda résumé château Señor São~Paulo "
    "Übergang garçon smörgåsbord Gruß œuvre Ångström Straße Köln Málaga fiancée pâtisserie Åse Øresund Dvořák Çelik"
).split()
_SCRIPTS = ((0x4E00, 0x9000), (0x3041, 0x3094), (0x30A1, 0x30F7), (0x0430, 0x0450), (0x03B1, 0x03C9), (0xAC00, 0xD700))
_ACCENTS = str.maketrans("aeioucny", "áèîöüçñý")
_MARKERS = ("no .", "no .", "number", "No", "nr .", "#", "num", "unit", "type")
_SELF_STANDING = tuple(
    "everyone|everybody|anyone|anybody|everyone on the left|everybody in the dark|anyone walking|anything warm|"
    "anything hot|anything cold|anything that moves|anything that is warm|everything warm|everything hot|"
    "everything that glows|everything moving|everything that is alive|everything on the right|all that is hot|"
    "all that moves|whatever is moving|whatever is warm|whoever is walking there|someone on the left|"
    "whatever is hiding behind the tree|everyone in the picture|everybody waiting|everything living|anything alive|"
    "anything bright|everything dark|everybody else|those who walk|those on the left|"
    "something hot|something in the middle|anything in the background|all living things|all of the people|"
    "every single person|everyone wearing a helmet|anybody with a bag|anyone near the door".split("|")
)


def draw(rng: random.Random, noun: Callable[[], str]) -> str:
    """One name, without an article.

    Args:
        rng: Where randomness comes from.
        noun: Draws a head noun.
    """
    style = rng.random()
    if style < 0.16:
        name = rng.choice((_abbreviation(rng), f"{_abbreviation(rng)} {noun()}", f"{noun()} {_abbreviation(rng)}"))
    elif style < 0.32:
        brand = rng.choice(_BRANDS)
        name = rng.choice((brand, f"{brand} {rng.choice(_MODELS)}", f"{brand} {noun()}", f"{brand} {_code(rng)}"))
    elif style < 0.62:
        number = _number(rng)
        marked = f"{rng.choice(_MARKERS)} {number}"
        name = f"{noun()} {rng.choice((number, number, marked))}"
    elif style < 0.76:
        word = _accented(rng)
        name = rng.choice((word, f"{word} {noun()}", f"{noun()} {word}", f"{word} {noun()}"))
    elif style < 0.84:
        name = rng.choice((f"{_foreign(rng)} {noun()}", _foreign(rng), f'"{_foreign(rng)}" {noun()}'))
    else:
        name = rng.choice(_SELF_STANDING)
    return name.replace("~", " ")


def stands_alone(name: str) -> bool:
    """Whether a name takes no article ("everyone")."""
    return name in _SELF_STANDING


def _abbreviation(rng: random.Random) -> str:
    if rng.random() < 0.6:
        return rng.choice(_ABBREVIATIONS)
    return "".join(rng.choices("BCDEFGHJKLMNPQRSTUVWXYZ", k=rng.randint(2, 4)))


def _code(rng: random.Random) -> str:
    return f"{rng.choice('BCDEFGHJKLMNPQRTVWXZ')}{rng.randint(1, 99)}"


def _number(rng: random.Random) -> str:
    if rng.random() < 0.25:
        # "A" and "I" are words of their own, which no region ends with.
        return rng.choice("BCDEFGHJKLMNPQRTUVWXYZ")
    return rng.choice((str(rng.randint(1, 9)), str(rng.randint(10, 999)), _code(rng), rng.choice(("one", "two", "7a"))))


def _accented(rng: random.Random) -> str:
    if rng.random() < 0.7:
        return rng.choice(_ACCENTED)
    return nouns.invented_word(rng).translate(_ACCENTS)


def _foreign(rng: random.Random) -> str:
    first, last = rng.choice(_SCRIPTS)
    return "".join(chr(rng.randrange(first, last)) for _ in range(rng.randint(1, 4)))
