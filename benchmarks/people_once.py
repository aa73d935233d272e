"""How well and how fast people who are here twice are found: precision, recall and time.

    ./run services python benchmarks/people_once.py [PEOPLE]

Without PEOPLE it takes 20,000, of whom 1,000 are here a second time. What a second record changes is drawn from shares
that were written down before the first measurement and have nothing of the matcher in them: names are Faker's (British,
Polish, Indian, Romanian, by how common they are), short forms are a list of its own, mistakes are neighbouring keys,
letters lost, doubled and exchanged. Families share a name, a house and often a telephone and an email address; some have
twins, some a father and a son of one name, and neighbours share a postcode. Everything is invented. It works in a database
of its own, which is dropped at the end.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from random import Random

from faker import Faker

PEOPLE, DOUBLE_IN, GROUP = 20_000, 20, 200
BORN = (date(1940, 1, 1), date(2010, 1, 1))
LOCALES = {"en_GB": 82, "pl_PL": 6, "en_IN": 8, "ro_RO": 4}
HOUSEHOLDS = {1: 30, 2: 30, 3: 16, 4: 16, 5: 8}  # people: how many of a hundred
A_POSTCODE = 15  # households

# What is known of a person harmed who is referred: as in ten months of a Hub's exports, 1,629 people.
KNOWN = {"born_on": 0.90, "phone": 1.00, "email": 0.75, "postcode": 0.97}
IN_FAMILIES = {"one phone": 0.5, "one email": 0.15, "father's name": 0.06, "twin": 0.03, "partner's own name": 0.25}

# What is different when the same person comes again, each by itself.
CHANGED = {
    "moved": 0.30,
    "new phone": 0.30,
    "new email": 0.25,
    "short form": 0.20,
    "first name mistyped": 0.07,
    "last name mistyped": 0.10,
    "new last name": 0.07,
    "double-barrelled": 0.02,
    "names swapped": 0.03,
    "second first name": 0.03,
    "accents lost": 0.70,
    "day and month swapped": 0.02,
    "birth one digit off": 0.04,
    "birth wrong": 0.01,
}

# Short forms as British people use them, by what is written in full. Not the matcher's list.
SHORT = {
    "Abigail": "Abbie Abi", "Alan": "Al", "Alexander": "Alex Xander", "Alexandra": "Alex Sandra", "Alison": "Ali",
    "Amanda": "Mandy", "Andrea": "Andi", "Andrew": "Andy Drew", "Anne": "Annie Nan", "Anthony": "Tony Ant",
    "Antony": "Tony", "Barbara": "Barb Babs", "Benjamin": "Ben Benji", "Bethany": "Beth", "Beverley": "Bev",
    "Bradley": "Brad", "Brenda": "Bren", "Cameron": "Cam", "Carole": "Caz", "Caroline": "Carrie Caz Caro",
    "Catherine": "Cath Kate Cathy", "Charles": "Charlie Chas", "Charlotte": "Charlie Lottie", "Christian": "Chris",
    "Christine": "Chris Chrissie", "Christopher": "Chris Kit", "Clifford": "Cliff", "Daniel": "Dan Danny",
    "Danielle": "Dani", "David": "Dave Davey", "Deborah": "Debbie Deb", "Debra": "Debs", "Denise": "Den",
    "Dominic": "Dom", "Donald": "Don", "Donna": "Don", "Dorothy": "Dot", "Duncan": "Dunc", "Edward": "Ed Ted Eddie",
    "Eileen": "Ei", "Eleanor": "Ellie Nell", "Elizabeth": "Liz Beth Lizzie Betty", "Emily": "Em", "Emma": "Em Ems",
    "Frances": "Fran", "Francesca": "Fran Chess", "Francis": "Frank", "Frederick": "Fred", "Gareth": "Gaz",
    "Gary": "Gaz", "Gemma": "Gem", "Geoffrey": "Geoff", "Georgia": "George", "Georgina": "Georgie Gina",
    "Gerald": "Gerry", "Gerard": "Ged", "Gillian": "Gill Jill", "Graeme": "Gray", "Gregory": "Greg", "Hannah": "Han",
    "Harriet": "Hattie", "Harry": "Haz", "Hazel": "Haze", "Heather": "Heth", "Hilary": "Hils", "Jacob": "Jake",
    "Jacqueline": "Jackie Jacqui", "James": "Jim Jamie Jimmy", "Janet": "Jan", "Janice": "Jan", "Jasmine": "Jas Jazz",
    "Jeffrey": "Jeff", "Jemma": "Jem", "Jennifer": "Jen Jenny", "Jeremy": "Jez Jerry", "Jessica": "Jess", "Joanna": "Jo",
    "Joanne": "Jo", "Jodie": "Jo", "John": "Jack Johnny", "Jonathan": "Jon Jonny", "Jordan": "Jords", "Joseph": "Joe",
    "Josephine": "Josie Jo", "Joshua": "Josh", "Judith": "Judy", "Karen": "Kaz", "Katherine": "Kate Kathy",
    "Kathleen": "Kath Kathy", "Kathryn": "Kath Kate", "Katie": "Kat", "Kenneth": "Ken", "Kerry": "Kez", "Kevin": "Kev",
    "Kieran": "Kier", "Kimberley": "Kim", "Kirsty": "Kirst", "Laura": "Lau", "Lauren": "Loz", "Lawrence": "Larry Laurie",
    "Leonard": "Len Lenny", "Lesley": "Les", "Leslie": "Les", "Louise": "Lou", "Lynne": "Lyn", "Malcolm": "Malc",
    "Margaret": "Maggie Peggy Marge", "Marilyn": "Maz", "Martin": "Mart", "Matthew": "Matt Matty", "Maureen": "Mo",
    "Megan": "Meg", "Melanie": "Mel", "Melissa": "Mel", "Michael": "Mick Mike Mikey", "Michelle": "Shell", "Mohammad": "Mo",
    "Mohammed": "Mo", "Naomi": "Nay", "Natalie": "Nat", "Natasha": "Tash", "Nathan": "Nath Nate", "Nicholas": "Nick Nicky",
    "Nicola": "Nicky Nic", "Nigel": "Nige", "Norman": "Norm", "Oliver": "Ollie", "Olivia": "Liv", "Pamela": "Pam",
    "Patricia": "Pat Trish Tricia", "Patrick": "Paddy Pat", "Pauline": "Paula", "Peter": "Pete", "Philip": "Phil",
    "Phillip": "Phil", "Rachael": "Rach", "Rachel": "Rach", "Raymond": "Ray", "Rebecca": "Becky Bex Becca",
    "Reece": "Reecey", "Richard": "Rich Rick Dick", "Robert": "Bob Rob Robbie", "Robin": "Rob", "Roger": "Rodge",
    "Ronald": "Ron", "Rosemary": "Rosie", "Russell": "Russ", "Samantha": "Sam", "Samuel": "Sam", "Sandra": "Sandy San",
    "Sharon": "Shaz", "Sheila": "She", "Shirley": "Shirl", "Sian": "Shan", "Simon": "Si", "Sophie": "Soph",
    "Stacey": "Stace", "Stanley": "Stan", "Stephanie": "Steph", "Stephen": "Steve Ste", "Steven": "Steve", "Stewart": "Stew",
    "Stuart": "Stu", "Susan": "Sue Suzy", "Suzanne": "Sue Suze", "Sylvia": "Syl", "Teresa": "Terri Tess", "Terence": "Terry Tel",
    "Theresa": "Terri", "Thomas": "Tom Tommy", "Timothy": "Tim", "Tracey": "Trace", "Tracy": "Trace", "Valerie": "Val",
    "Vanessa": "Ness", "Victor": "Vic", "Victoria": "Vicky Tori", "Vincent": "Vince", "Wayne": "Waz", "Wendy": "Wend",
    "William": "Will Bill Billy", "Yvonne": "Von", "Zachary": "Zac", "Zoe": "Zo",
}  # fmt: skip
KEYBOARD = "qwertyuiop asdfghjkl zxcvbnm "


@dataclass(frozen=True)
class Record:
    """Somebody as they are referred once. Telephone, email and postcode are tokens: only their keyed hashes are kept."""

    first_name: str
    last_name: str
    born_on: date | None
    phone: str
    email: str
    postcode: str


@dataclass
class Crowd:
    """Records, and which two of them are one person."""

    records: list[Record] = field(default_factory=list)
    doubles: list[tuple[int, int]] = field(default_factory=list)


def crowd_of(people: int, seed: str = "people once") -> Crowd:
    """The same for the same number. One record in twenty is of somebody who is here already."""
    rng = Random(seed)
    names = Names(rng)
    again = people // DOUBLE_IN
    crowd = Crowd()
    truth: list[Record] = []
    while len(truth) < people - again:
        truth += _household(rng, names, len(truth))
    del truth[people - again :]
    crowd.records = [_as_told(rng, one) for one in truth]
    for original in rng.sample(range(len(truth)), again):
        crowd.doubles.append((original, len(crowd.records)))
        crowd.records.append(_as_told(rng, _again(rng, names, truth[original], len(crowd.records))))
    return crowd


class Names:
    """Faker's, by how common they are."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.fakers = {locale: Faker(locale) for locale in LOCALES}
        for faker in self.fakers.values():
            faker.seed_instance(rng.random())

    def family(self) -> tuple[str, str]:
        """A locale and a last name in it."""
        [locale] = self.rng.choices(list(LOCALES), list(LOCALES.values()))
        return locale, self.fakers[locale].last_name()

    def first(self, locale: str, is_man: bool) -> str:
        faker = self.fakers[locale]
        return faker.first_name_male() if is_man else faker.first_name_female()


def _household(rng: Random, names: Names, number: int) -> list[Record]:
    locale, last_name = names.family()
    [size] = rng.choices(list(HOUSEHOLDS), list(HOUSEHOLDS.values()))
    postcode = f"postcode {number // (A_POSTCODE * 2) + rng.randrange(2)}"
    one_phone = size > 1 and rng.random() < IN_FAMILIES["one phone"]
    one_email = size > 1 and rng.random() < IN_FAMILIES["one email"]
    latest = date(1985, 1, 1) if size > 2 else BORN[1]
    born_on = BORN[0] + timedelta(days=rng.randrange((latest - BORN[0]).days))
    father_is_first = rng.random() < 0.5
    found: list[Record] = []
    for place in range(size):
        is_man = father_is_first if place == 0 else rng.random() < 0.5
        first_name, own_last, birth = names.first(locale, is_man), last_name, born_on
        if place == 1:
            birth = born_on + timedelta(days=rng.randrange(-2500, 2500))
            own_last = names.family()[1] if rng.random() < IN_FAMILIES["partner's own name"] else last_name
        elif place > 1:
            birth = born_on + timedelta(days=rng.randrange(17 * 365, 40 * 365))
            if is_man and father_is_first and place == 2 and rng.random() < IN_FAMILIES["father's name"]:
                first_name = found[0].first_name
            elif place > 2 and rng.random() < IN_FAMILIES["twin"]:
                birth = found[-1].born_on or birth
        who = number + place
        phone = f"phone of house {number}" if one_phone else f"phone {who}"
        email = f"email of house {number}" if one_email else f"email {who}"
        found.append(Record(first_name, own_last, birth, phone, email, postcode))
    return found


def _as_told(rng: Random, one: Record) -> Record:
    """Less what nobody asked for or wrote down."""
    kept = {name: getattr(one, name) if rng.random() < share else None for name, share in KNOWN.items()}
    return replace(one, **{name: kept[name] if name == "born_on" else kept[name] or "" for name in kept})


def _again(rng: Random, names: Names, one: Record, number: int) -> Record:
    """The same person, met again."""
    happens = {what: rng.random() < share for what, share in CHANGED.items()}
    first, last, born_on = one.first_name, one.last_name, one.born_on
    if happens["accents lost"]:
        first, last = (name.translate(_BARE) for name in (first, last))
    if happens["short form"] and first in SHORT:
        first = rng.choice(SHORT[first].split())
    if happens["second first name"]:
        first = f"{first} {names.first('en_GB', rng.random() < 0.5)}"
    if happens["new last name"]:
        last = names.family()[1]
    if happens["double-barrelled"]:
        last = f"{last}-{names.family()[1]}"
    first = mistyped(rng, first) if happens["first name mistyped"] else first
    last = mistyped(rng, last) if happens["last name mistyped"] else last
    if happens["names swapped"]:
        first, last = last, first
    return Record(
        first,
        last,
        _told_birth(rng, born_on, happens) if born_on else None,
        f"new phone {number}" if happens["new phone"] else one.phone,
        f"new email {number}" if happens["new email"] else one.email,
        f"postcode {rng.randrange(number // A_POSTCODE + 1)}" if happens["moved"] else one.postcode,
    )


def _told_birth(rng: Random, born_on: date, happens: dict[str, bool]) -> date:
    if happens["birth wrong"]:
        return BORN[0] + timedelta(days=rng.randrange((BORN[1] - BORN[0]).days))
    if happens["day and month swapped"] and born_on.day < 13:
        return born_on.replace(day=born_on.month, month=born_on.day)
    if happens["birth one digit off"]:
        return rng.choice(list(_one_digit_off(born_on)))
    return born_on


def _one_digit_off(born_on: date) -> Iterator[date]:
    written = f"{born_on:%Y%m%d}"
    for place in range(3, 8):
        for digit in "0123456789":
            other = written[:place] + digit + written[place + 1 :]
            try:
                found = date(int(other[:4]), int(other[4:6]), int(other[6:]))
            except ValueError:
                continue
            if found != born_on:
                yield found


def mistyped(rng: Random, name: str) -> str:
    """One mistake of the fingers: a letter lost, doubled, exchanged with its neighbour, or the key beside it."""
    if len(name) < 3:
        return name
    place = rng.randrange(1, len(name) - 1)
    letter = name[place]
    return rng.choice(
        [
            name[:place] + name[place + 1 :],
            name[:place] + letter + name[place:],
            name[:place] + name[place + 1] + letter + name[place + 2 :],
            name[:place] + KEYBOARD[KEYBOARD.find(letter) + 1].strip() + name[place + 1 :],
        ]
    )


_BARE = str.maketrans("ąćęłńóśźżăâîșşțţĄĆĘŁŃÓŚŹŻĂÂÎȘŞȚŢ", "acelnoszzaaissttACELNOSZZAAISSTT")


@dataclass(frozen=True)
class Measured:
    people: int
    doubles: int
    found: int
    right: int
    seconds: float

    @property
    def precision(self) -> float:
        return self.right / self.found if self.found else 0

    @property
    def recall(self) -> float:
        return self.right / self.doubles

    @property
    def line(self) -> str:
        return (
            f"{self.people:,} people, {self.doubles:,} of them here twice: {self.found:,} pairs offered,"
            f" precision {self.precision:.3f}, recall {self.recall:.3f}, {self.seconds:.1f} s"
            f" ({1000 * self.seconds / self.people:.2f} ms a person)"
        )


def measure(crowd: Crowd, area) -> Measured:
    """Brings them in as an import does, a group at a time, each group compared with all who are here by then."""
    from referrals.actions import note_possible_duplicates
    from referrals.models import PossibleDuplicate

    keys = []
    seconds = 0.0
    for start in range(0, len(crowd.records), GROUP):
        people = bring_in(crowd.records[start : start + GROUP], area)
        keys += [person.pk for person in people]
        began = time.monotonic()
        note_possible_duplicates(people=people)
        seconds += time.monotonic() - began
    offered = {frozenset(pair) for pair in PossibleDuplicate.objects.values_list("person", "other")}
    known = {frozenset((keys[one], keys[other])) for one, other in crowd.doubles}
    return Measured(len(keys), len(known), len(offered), len(offered & known), seconds)


def bring_in(records: Sequence[Record], area):
    from referrals.models import ContactDetails, Person
    from rj_service.audit.fields import lookup_key

    people = Person.objects.bulk_create(
        [
            Person(service_area=area, first_name=one.first_name, last_name=one.last_name, date_of_birth=one.born_on)
            for one in records
        ]
    )
    ContactDetails.objects.bulk_create(
        [
            ContactDetails(
                person=person,
                **{
                    f"{kind}_key": lookup_key(kind, value) if (value := getattr(one, kind)) else None
                    for kind in ("phone", "email", "postcode")
                },
            )
            for person, one in zip(people, records, strict=True)
        ]
    )
    return people


def main(people: int) -> None:
    from django_scopes import scope

    from rj_service.accounts.models import ServiceArea
    from tests.database import test_database

    with test_database():
        area = ServiceArea.objects.create(slug="once", name="People once")
        with scope(area=[area.pk]):
            print(measure(crowd_of(people), area).line)


if __name__ == "__main__":
    import django

    django.setup()
    main(int(sys.argv[1].replace(",", "")) if len(sys.argv) > 1 else PEOPLE)
