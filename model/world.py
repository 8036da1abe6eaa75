"""The world as rows: what each kind of agent carries, declared once.

State lives in structured arrays, one row an agent. Citizens and servants of an office stand together: servant `i` belongs
to office `i // servants_per_office`, and so for citizens. Fields are only ever written in place.
"""

from typing import NamedTuple

import numpy as np

STREET, SCREEN, SYSTEM = 0, 1, 2
PAPER, ON_SCREEN, STEWARD = 0, 1, 2
GUARD, SPONSOR, DRIVER = 0, 1, 2
AT_COUNTER, ASSISTED, ONLINE = 0, 1, 2

NO_CASE, BY_COUNTER, BY_ASSISTANCE, BY_SELF_SERVICE, DROPPED, DEFERRED = 0, 1, 2, 3, 4, 5
BRIBED, WRONGED, FAULTED, SPOKE, HEARD, CONCLUDED = 1, 2, 4, 8, 16, 32  # bits of a citizen's fate

CONTACTS = 8  # citizens that a citizen looks at; four on either side before rewiring
TEAM = 6  # civil servants of one team, who look at each other
SERVANT_CONTACTS = 5
CITIZEN_IDS = 1 << 16  # ids reserved for the citizens of one office, so that a larger sample keeps the first half's draws
SERVANT_IDS = 1 << 12

# (field, type, unit, meaning)
REGION_FIELDS = (
    ("id", "u4", "id", "lasting number that addresses draws"),
    ("population", "f8", "persons", "inhabitants of the province"),
    ("cost_multiplier", "f4", "ratio", "what building costs here"),
    ("internet_index", "f4", "ratio", "internet use relative to the national mean"),
    ("remote", "f4", "0 or 1", "counted among the remote provinces"),
    ("coverage", "f4", "0-1", "share of places with a usable data network"),
    ("outage", "f4", "probability", "chance that an office's online service is down for a month"),
    ("online_share", "f4", "0-1", "share of citizens with internet access, last month"),
    ("screen_share", "f4", "0-1", "share of offices at screen level or higher, last month"),
    ("system_share", "f4", "0-1", "share of offices at system level, last month"),
    ("score", "f4", "0-1", "mean published score of its offices"),
    ("oversight", "f4", "0-1", "mean accountability of its offices, last month"),
    ("fault", "u1", "0 or 1", "a faulty rule is at work in the integrated system"),
    ("fault_found", "u1", "0 or 1", "a faulty rule was found this month"),
    ("fault_share", "f4", "0-1", "share of automated cases that it hits"),
    ("fault_hits", "f8", "persons", "cases that the present or last faulty rule has hit"),
    ("worst_fault", "f8", "persons", "cases that the worst faulty rule has hit so far"),
    ("first_office", "i4", "row", "first office of the province"),
    ("offices", "i4", "count", "offices of the province"),
)
OFFICE_FIELDS = (
    ("id", "u4", "id", "lasting number that addresses draws"),
    ("region", "i4", "row", "province"),
    ("weight", "f8", "persons", "inhabitants that one sampled citizen stands for"),
    ("urban_share", "f4", "0-1", "share of urban citizens"),
    ("fiscal", "f4", "0-1", "fiscal rank"),
    ("election_month", "i4", "months", "place in the election calendar"),
    ("load", "f4", "share", "initial utilisation of the counters"),
    ("stage", "u1", "stage", "street, screen or system level in practice"),
    ("stage_before", "u1", "stage", "stage at the start of the month"),
    ("deployed", "u1", "stage", "highest level for which a system is installed"),
    ("human_resources", "f4", "0-1", "capacity dimension 1"),
    ("organisation", "f4", "0-1", "capacity dimension 2"),
    ("resources", "f4", "0-1", "capacity dimension 3"),
    ("network", "f4", "0-1", "capacity dimension 4"),
    ("environment", "f4", "0-1", "capacity dimension 5"),
    ("mandate", "f4", "0-1", "capacity dimension 6"),
    ("capacity", "f4", "0-1", "CES mean of the six"),
    ("readiness", "f4", "0-1", "CES mean of information, openness and technology"),
    ("technology", "f4", "0-1", "equipment and connection"),
    ("culture", "f4", "0-1", "openness of office culture"),
    ("data", "f4", "0-1", "share of records digitized"),
    ("automation", "f4", "0-1", "share of decisions made by rules"),
    ("quality", "f4", "0-1", "quality of the system installed"),
    ("delivered", "f4", "0-1", "quality that the last project delivered"),
    ("assets", "f4", "budget units", "what the system cost to build"),
    ("months_low", "i4", "months", "months of too low quality in a row"),
    ("disappointment", "f4", "0-1", "loss of usefulness in the eyes of staff"),
    ("project", "u1", "stage", "level that the running project is for; 0 none"),
    ("progress", "f4", "0-1", "share of the running project done"),
    (
        "outcome",
        "u1",
        "code",
        "of a project ended this month: 0 none, 1 success, 2 partial, 3 failed, 4 abandoned",
    ),
    ("regressed", "u1", "0 or 1", "fell back this month"),
    ("spending", "f4", "budget units", "running cost and building this month"),
    ("usefulness", "f4", "0-1", "usefulness of the online service"),
    ("digital_days", "f4", "days", "days to a decision for a digital case"),
    ("counter_days", "f4", "days", "days to a decision for a counter case"),
    ("wait_hours", "f4", "hours", "wait at the counter"),
    ("is_down", "u1", "0 or 1", "online service down this month"),
    ("need", "f4", "probability", "chance that a citizen needs the office this month"),
    ("need_offset", "f4", "0-1", "whose turn it is to need it"),
    ("adoption", "f4", "0-1", "share of staff on screen, last month"),
    ("use", "f4", "0-1", "share of staff work done on screen, last month"),
    ("skill", "f4", "0-1", "mean skill of staff, last month"),
    ("pace", "f4", "ratio", "staff output relative to paper, last month"),
    ("trust", "f4", "0-1", "mean trust of its citizens, last month"),
    ("trust_shock", "f4", "0-1", "share of trust that all its citizens lose this month"),
    ("applications", "f4", "count", "applications for one function"),
    ("innovation", "f4", "0-1", "mean innovativeness of staff, last month"),
    ("proposals", "i4", "count", "proposals of staff this month"),
    ("score", "f4", "0-1", "digital maturity as published every year"),
    ("pressure", "f4", "ratio", "work to be done relative to what can be done, last month"),
    ("standard", "f4", "ratio", "time that staff think a case deserves, 1 at first"),
    ("away", "f4", "0-1", "share of staff who cope by moving away from clients"),
    ("against", "f4", "0-1", "share of staff who cope by moving against clients"),
    ("discretion", "f4", "0-1", "discretion of officials in single cases"),
    ("transparency", "f4", "0-1", "how open the office works"),
    ("accountability", "f4", "0-1", "how far it can be held to account"),
    ("detection", "f4", "probability", "chance that an improper act is found out"),
    ("bribe_chance", "f4", "probability", "of a bribe in a counter case"),
    ("rent_chance", "f4", "probability", "of a bribe in a digital case"),
    ("bribery", "f4", "0-1", "habit: bribes a case, averaged over the past"),
    ("error_chance", "f4", "probability", "of a wrong decision by staff"),
    ("answered", "f4", "0-1", "share of voices that are answered"),
    ("efficacy", "f4", "0-1", "mean felt influence of its citizens, last month"),
    ("voice", "f4", "0-1", "share of citizens with a case who spoke up, last month"),
    ("legitimacy", "f4", "0-1", "in the eyes of its citizens"),
    ("arrived", "i4", "cases", "cases that arose this month"),
    ("served", "i4", "cases", "cases decided this month"),
    ("dropped", "i4", "cases", "cases ended without a decision this month"),
    ("waiting", "i4", "cases", "cases waiting at the end of the month"),
    ("usual_demand", "f8", "cases", "monthly demand at the start, for which the office is staffed"),
    ("possible", "f4", "cases", "cases that staff can decide in the month"),
    ("renege_share", "f4", "0-1", "share of staffed cases given up in the queue, last month"),
)
LEADER_FIELDS = (
    ("id", "u4", "id", "lasting number that addresses draws"),
    ("openness", "f4", "0-1", "trait 1"),
    ("receptivity", "f4", "0-1", "trait 2"),
    ("honesty", "f4", "0-1", "trait 3"),
    ("caring", "f4", "0-1", "trait 4"),
    ("dignity", "f4", "0-1", "trait 5: regard for human dignity"),
    ("respect", "f4", "0-1", "trait 6"),
    ("support", "f4", "0-1", "commitment to digitization"),
    ("tenure", "i4", "months", "months in office"),
    ("stage", "u1", "stage", "guard, sponsor or driver"),
    ("stage_before", "u1", "stage", "stage at the start of the month"),
    ("is_new", "u1", "0 or 1", "appointed this month"),
)
SERVANT_FIELDS = (
    ("id", "u4", "id", "lasting number that addresses draws"),
    ("skill", "f4", "0-1", "lasting digital skill"),
    ("trained", "f4", "0-1", "skill from training, fades unused"),
    ("curiosity", "f4", "0-1", "Davis's first ingredient"),
    ("honesty", "f4", "0-1", "Davis's second ingredient"),
    ("ownership", "f4", "0-1", "Davis's third ingredient"),
    ("innovativeness", "f4", "0-1", "geometric mean of the three"),
    ("switching_cost", "f4", "0-1", "felt cost of leaving the old routine"),
    ("threshold", "f4", "standardised", "drive at which undecided"),
    ("peer_threshold", "f4", "0-1", "share of contacts at which peers are felt"),
    ("character", "f4", "standard normal", "own part of commitment"),
    ("use", "f4", "0-1", "share of work done on screen"),
    ("months_of_use", "f4", "months", "practice on screen, in months of full use"),
    ("away", "f4", "0-1", "chance of coping by moving away from clients"),
    ("against", "f4", "0-1", "chance of coping by moving against clients"),
    ("stage", "u1", "stage", "paper, screen or steward"),
    ("stage_before", "u1", "stage", "stage at the start of the month"),
)
CITIZEN_FIELDS = (
    ("id", "u4", "id", "lasting number that addresses draws"),
    ("skill", "f4", "0-1", "digital skill"),
    ("rank", "f4", "0-1", "remoteness rank within the province"),
    ("threshold", "f4", "standardised", "drive at which undecided"),
    ("helper", "f4", "0-1", "rank in finding help"),
    ("turn", "f4", "0-1", "place in the yearly round of needs"),
    ("satisfaction", "f4", "0-1", "with the digital service"),
    ("expectation", "f4", "0-1", "of the digital service"),
    ("trust", "f4", "0-1", "in the office"),
    ("trust_general", "f4", "0-1", "in government"),
    ("efficacy", "f4", "0-1", "felt influence on the office"),
    ("far", "u2", "position", "where rewired ties lead"),
    ("rewired", "u1", "bits", "which of the ties are rewired"),
    ("urban", "u1", "0 or 1", "lives in town"),
    ("third", "u1", "group", "third by initial skill: low, middle, high"),
    ("has_access", "u1", "0 or 1", "internet access"),
    ("is_fast", "u1", "0 or 1", "fast connection"),
    ("aware", "u1", "0 or 1", "knows of the online service"),
    ("has_used", "u1", "0 or 1", "has completed a digital case"),
    ("habit", "u1", "channel", "channel used last"),
    ("channel", "u1", "channel", "what became of this month's case"),
    ("has_failed", "u1", "0 or 1", "could not finish an online attempt at the present case"),
    (
        "fate",
        "u1",
        "bits",
        "what last month's case brought, see the bits above",
    ),
    ("stage", "u1", "stage", "counter, assisted or online"),
    ("stage_before", "u1", "stage", "stage at the start of the month"),
)


def row_type(fields):
    """Return the aligned structured dtype of these declarations."""
    return np.dtype([(name, kind) for name, kind, _unit, _meaning in fields], align=True)


REGION, OFFICE, LEADER = row_type(REGION_FIELDS), row_type(OFFICE_FIELDS), row_type(LEADER_FIELDS)
SERVANT, CITIZEN = row_type(SERVANT_FIELDS), row_type(CITIZEN_FIELDS)


class World(NamedTuple):
    """All rows of one run, and what agents can see of each other at the start of a month.

    `seen_servants` and `seen_citizens` hold 1 where an agent was seen to work or file digitally; they are refreshed when
    a phase is over, so that nobody sees a colleague's decision of the same month, whatever the order of activation.
    """

    regions: np.ndarray
    offices: np.ndarray
    leaders: np.ndarray
    servants: np.ndarray
    citizens: np.ndarray
    contacts: np.ndarray  # (servants, SERVANT_CONTACTS) rows of the servants each one looks at
    seen_servants: np.ndarray
    seen_citizens: np.ndarray
    tallies: np.ndarray  # (offices, counts of the month), columns named in columns.py
    sums: np.ndarray  # (offices, sums of the month), columns named in columns.py
    skill_quantiles: np.ndarray
    trait_quantiles: np.ndarray
    innovator_quantiles: np.ndarray


def empty_world(regions, offices, servants_per_office, citizens_per_office, tallies, sums, points=1024):
    """Return a world of zeros with room for so many rows."""
    servants, citizens = offices * servants_per_office, offices * citizens_per_office
    return World(
        regions=np.zeros(regions, REGION),
        offices=np.zeros(offices, OFFICE),
        leaders=np.zeros(offices, LEADER),
        servants=np.zeros(servants, SERVANT),
        citizens=np.zeros(citizens, CITIZEN),
        contacts=np.zeros((servants, SERVANT_CONTACTS), np.int32),
        seen_servants=np.zeros(servants, np.uint8),
        seen_citizens=np.zeros(citizens, np.uint8),
        tallies=np.zeros((offices, tallies), np.int64),
        sums=np.zeros((offices, sums)),
        skill_quantiles=np.zeros(points + 1),
        trait_quantiles=np.zeros(points + 1),
        innovator_quantiles=np.zeros(points + 1),
    )
