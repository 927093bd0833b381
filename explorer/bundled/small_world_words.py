"""The words of the small world and the facts about them, by kind, the commonest first.

Facts only: which word is the feminine, the plural or the superlative of which, and which city is
the capital of which country. No word appears twice.
"""

from __future__ import annotations

# (masculine, feminine)
ROYALTY = [
    ("king", "queen"), ("prince", "princess"), ("lord", "lady"), ("emperor", "empress"),
    ("duke", "duchess"), ("baron", "baroness"), ("viscount", "viscountess"),
]  # fmt: skip
FAMILY = [
    ("man", "woman"), ("father", "mother"), ("son", "daughter"), ("boy", "girl"),
    ("brother", "sister"), ("husband", "wife"), ("uncle", "aunt"), ("grandfather", "grandmother"),
    ("nephew", "niece"), ("grandson", "granddaughter"), ("groom", "bride"), ("widower", "widow"),
]  # fmt: skip
GENDERED_PROFESSIONS = [
    ("actor", "actress"), ("hero", "heroine"), ("waiter", "waitress"), ("monk", "nun"),
    ("policeman", "policewoman"), ("host", "hostess"), ("heir", "heiress"), ("wizard", "witch"),
    ("steward", "stewardess"), ("landlord", "landlady"),
]  # fmt: skip
PROFESSIONS = [
    "teacher", "doctor", "lawyer", "writer", "nurse", "farmer", "singer", "judge", "painter",
    "engineer", "baker", "pilot", "dentist", "sailor", "librarian", "tailor", "plumber",
    "carpenter", "chemist", "barber",
]  # fmt: skip
ANIMALS = [
    "dog", "cat", "horse", "bird", "cow", "pig", "chicken", "lion", "mouse", "bear", "wolf",
    "rabbit", "snake", "monkey", "duck", "elephant", "tiger", "fox", "frog", "goat", "goose",
    "eagle", "whale", "bee", "camel", "owl", "spider", "donkey", "dolphin", "giraffe", "hedgehog",
    "otter",
]  # fmt: skip
FOODS = [
    "apple", "egg", "potato", "cake", "tomato", "orange", "lemon", "sandwich", "banana", "onion",
    "carrot", "cookie", "cherry", "peach", "pear", "sausage", "grape", "olive", "strawberry",
    "pancake", "mango", "cucumber", "walnut", "radish",
]  # fmt: skip
THINGS = [
    "book", "table", "car", "house", "door", "chair", "key", "knife", "bottle", "box", "hammer",
    "clock", "lamp", "bridge", "spoon", "ladder", "bucket", "pencil", "candle", "shelf", "needle",
    "scarf", "wrench", "violin",
]  # fmt: skip
IRREGULAR_PLURALS = {
    "goose": "geese", "mouse": "mice", "wolf": "wolves", "wife": "wives", "knife": "knives",
    "shelf": "shelves", "scarf": "scarves", "potato": "potatoes", "tomato": "tomatoes",
    "hero": "heroes",
}  # fmt: skip

# continent: (country, capital)
COUNTRIES = {
    "Europe": [
        ("france", "paris"), ("germany", "berlin"), ("italy", "rome"), ("spain", "madrid"),
        ("poland", "warsaw"), ("greece", "athens"), ("sweden", "stockholm"), ("austria", "vienna"),
        ("portugal", "lisbon"), ("norway", "oslo"), ("ireland", "dublin"), ("hungary", "budapest"),
        ("denmark", "copenhagen"), ("finland", "helsinki"), ("belgium", "brussels"),
        ("romania", "bucharest"), ("croatia", "zagreb"), ("bulgaria", "sofia"),
        ("iceland", "reykjavik"),
    ],
    "Asia": [
        ("china", "beijing"), ("japan", "tokyo"), ("iran", "tehran"), ("iraq", "baghdad"),
        ("vietnam", "hanoi"), ("thailand", "bangkok"), ("pakistan", "islamabad"),
        ("syria", "damascus"), ("philippines", "manila"), ("lebanon", "beirut"),
        ("nepal", "kathmandu"), ("jordan", "amman"), ("qatar", "doha"), ("mongolia", "ulaanbaatar"),
    ],
    "Africa": [
        ("egypt", "cairo"), ("kenya", "nairobi"), ("nigeria", "abuja"), ("morocco", "rabat"),
        ("algeria", "algiers"), ("ghana", "accra"), ("tunisia", "tunis"), ("uganda", "kampala"),
        ("senegal", "dakar"), ("angola", "luanda"), ("zambia", "lusaka"), ("mali", "bamako"),
    ],
    "America": [
        ("canada", "ottawa"), ("cuba", "havana"), ("chile", "santiago"), ("peru", "lima"),
        ("colombia", "bogota"), ("venezuela", "caracas"), ("ecuador", "quito"),
        ("jamaica", "kingston"), ("uruguay", "montevideo"), ("paraguay", "asuncion"),
    ],
}  # fmt: skip

# (positive, comparative, superlative)
ADJECTIVES = [
    ("good", "better", "best"), ("big", "bigger", "biggest"), ("small", "smaller", "smallest"),
    ("old", "older", "oldest"), ("long", "longer", "longest"), ("bad", "worse", "worst"),
    ("high", "higher", "highest"), ("young", "younger", "youngest"), ("late", "later", "latest"),
    ("strong", "stronger", "strongest"), ("hard", "harder", "hardest"), ("low", "lower", "lowest"),
    ("fast", "faster", "fastest"), ("short", "shorter", "shortest"), ("deep", "deeper", "deepest"),
    ("warm", "warmer", "warmest"), ("cold", "colder", "coldest"), ("rich", "richer", "richest"),
    ("cheap", "cheaper", "cheapest"), ("happy", "happier", "happiest"),
    ("thin", "thinner", "thinnest"), ("quiet", "quieter", "quietest"),
    ("sharp", "sharper", "sharpest"), ("brave", "braver", "bravest"),
    ("clever", "cleverer", "cleverest"), ("narrow", "narrower", "narrowest"),
]  # fmt: skip
COLOURS = [
    "white", "black", "red", "green", "blue", "brown", "yellow", "grey", "pink", "purple",
    "scarlet", "turquoise", "crimson", "beige",
]  # fmt: skip
NUMERALS = [
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve",
]  # fmt: skip


def plural(noun: str) -> str:
    """The plural of a noun of these lists: dog -> dogs, witch -> witches, lady -> ladies."""
    if noun in IRREGULAR_PLURALS:
        return IRREGULAR_PLURALS[noun]
    if noun.endswith(("man", "woman")):
        return noun[:-2] + "en"
    if noun.endswith("y") and noun[-2] not in "aeiou":
        return noun[:-1] + "ies"
    if noun.endswith(("s", "x", "ch", "sh")):
        return noun + "es"
    return noun + "s"
