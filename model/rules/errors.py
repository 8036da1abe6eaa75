"""Wrong decisions: one by one by people, all at once by a faulty rule (R28)."""

from model.compiled import compiled
from model.numeric import clip, log


@compiled
def coping_errors(away, toward, p):
    """Return errors relative to a calm office by how its staff cope. Source: R26; sizes assumed, see coping_away_error."""
    return 1.0 + p.coping_away_error * away - p.coping_toward_error * toward


@compiled
def rigidity(discretion, p):
    """Return errors relative to an official with full discretion: who may not bend a rule misjudges what it does not fit.

    Below 1 where screens enable. Source: Bovens & Zouridis 2002 (doi 10.1111/0033-3352.00168) on the loss of
    individual justice, Lipsky 1980; size assumed, see error_rigidity.
    """
    return 1.0 + p.error_rigidity * (p.initial_discretion - discretion)


@compiled
def error_probability(skill, use, coping, standard, rigid, p):
    """Return the chance (0-1) that a civil servant decides a case wrongly; cases err independently of each other.

    Skill and screens lower it; haste (`coping`), a lowered standard and rules without leeway (`rigid`) raise it.
    Source: R28; sizes assumed, see error_rate.
    """
    level = p.error_rate * (1.0 - p.error_skill * skill) * (1.0 - p.error_screen * use)
    return clip(level * coping * (2.0 - standard) * rigid)


@compiled
def system_error_probability(p):
    """Return the chance (0-1) that a rule decides a single case wrongly. Source: assumption, see system_error_ratio."""
    return p.system_error_ratio * p.error_rate


@compiled
def fault_probability(oversight, p):
    """Return the monthly chance that a faulty rule goes live in a province with integrated offices.

    Source: R28, Dutch childcare benefits and Robodebt for the kind of harm; rate assumed, see fault_rate.
    """
    return p.fault_rate * (1.0 - oversight)


@compiled
def fault_size(draw, p):
    """Return the share of automated cases that a faulty rule hits: exponential, so that large faults are rare.

    Source: assumption, see fault_share.
    """
    return min(1.0, -p.fault_share * log(draw))
