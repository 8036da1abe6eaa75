"""Money of an office, and what is lost of it in fragments (R9, R9b)."""

from model.compiled import compiled
from model.numeric import clip


@compiled
def office_budget(fiscal, legitimacy, month, p):
    """Return the month's budget in units: 0.4 to 1.6 by fiscal rank, growing; legitimate offices get more.

    Source: assumption, see fiscal_spread; R45 closes the loop, see legitimacy_budget.
    """
    growth = max(0.0, 1.0 + p.budget_growth * month / 12.0)
    return (0.4 + 1.2 * fiscal) * growth * max(0.0, 1.0 + p.legitimacy_budget * (legitimacy - 0.5))


@compiled
def fragmentation(applications, p):
    """Return the share (0-1) of building money that is lost to doing the same in several applications.

    Source: R9b, after 27,000 unintegrated applications in Indonesia (2024); form assumed, see applications.
    """
    return min(p.fragmentation_limit, 1.0 - 1.0 / applications)


@compiled
def applications_next(applications, p):
    """Return applications for one function a month on: a programme closes what is more than one.

    Source: R9b; assumption, see consolidation.
    """
    return applications - p.consolidation / 12.0 * (applications - 1.0)


@compiled
def digital_share(support, p):
    """Return the share of the budget for digital work, out of what building capacity leaves.

    Source: assumption, see digital_commitment_share.
    """
    return (1.0 - p.capacity_budget_share) * min(1.0, p.digital_base_share + p.digital_commitment_share * support)


@compiled
def upkeep_paid(money, assets, p):
    """Return the share (0-1) of the running cost that the month's digital money covers; 1 if nothing runs.

    Source: assumption, see opex_rate; the opex gate.
    """
    need = p.opex_rate / 12.0 * assets
    return 1.0 if need <= money else money / need


@compiled
def quality_next(quality, delivered, paid, p):
    """Return system quality (0-1) one month on: it decays by what upkeep lacks, else returns to what was delivered.

    Source: assumption, see quality_decay and quality_recovery.
    """
    if paid < 1.0:
        return clip(quality - p.quality_decay * (1.0 - paid))
    return clip(quality + p.quality_recovery * (delivered - quality))
