"""At what price: what policies and the service cost over the run, what they gain, prices of gains, the frontier.

Two accounts. *programme*: what the policy is planned to cost, a number without chance. *public*: the programme and what
the service costs more or less because of it (counters, channels, systems), over all months of the run. Nothing is
discounted. Sampled cases are scaled by how many inhabitants a sampled citizen stands for.
"""

import numpy as np
import pandas

from experiments.compare import LEVEL, WINDOW, with_controls
from experiments.comparison import ratios
from model.parameter_table import BASELINE

HOURS_A_DAY = 24.0  # the wait is elapsed time, nights included
POINTS = 100.0  # legitimacy runs from 0 to 1
THOUSAND = 1000.0  # million rupiah are a thousand times thousand rupiah
ACCOUNTS = ("programme", "public")
GAINS = {  # name -> (label, the unit that a price is for)
    "digital_cases": ("additional digital cases", "million rupiah per additional digital case"),
    "waiting_hours": ("hours of waiting saved", "million rupiah per hour of waiting saved"),
    "legitimacy_points": ("points of legitimacy", "million rupiah per point of legitimacy"),
}
NEEDED = ("use_share", "wait_days", "legitimacy", "cost_per_case", "cases_arrived", "cases_served")
PRICES = 101  # points of an acceptability curve


def totals(result):
    """Return what each run adds up to: a row for each run, with every gain and `running_cost` (million rupiah)."""
    series = result.series.loc[result.series["month"] > 0, ["run_id", "month", *NEEDED]]
    people = sum(region["population"] for region in result.scenario["regions"])
    offices = sum(region["regencies"] + region["cities"] for region in result.scenario["regions"])
    scale = people / (offices * result.scenario["citizens_per_office"])
    arrived = scale * series["cases_arrived"]
    sums = pandas.DataFrame({
        "run_id": series["run_id"],
        "digital_cases": series["use_share"] * arrived,
        "waiting_hours": -HOURS_A_DAY * series["wait_days"] * arrived,
        "running_cost": series["cost_per_case"] * scale * series["cases_served"] / THOUSAND,
    })  # fmt: skip
    found = sums.groupby("run_id").sum()
    last = series[series["month"] > series["month"].max() - WINDOW]
    found["legitimacy_points"] = POINTS * last.groupby("run_id")["legitimacy"].mean()
    return found


def by_policy(result, values):
    """Return totals of runs (Series by run id), replicates in rows, policies in columns."""
    design = result.design.assign(value=result.design["run_id"].map(values))
    return design.pivot(index="replicate", columns="policy", values="value")[result.policies]


def joint_estimate(result, gain):
    """Return (policies, the Estimate of what each adds to running cost and to the gain): first all costs, then all gains."""
    names = [name for name in result.policies if name != BASELINE]
    sums, parts, own = totals(result), [], {}
    for name in ("running_cost", gain):
        table = by_policy(result, sums[name])
        parts.append(table[names].sub(table[BASELINE], axis=0).add_prefix(f"{name}: "))
        own[name] = table[BASELINE]
    differences = pandas.concat(parts, axis=1).dropna(how="all")
    return names, with_controls(result, differences, own)


def planned(result, names):
    """Return the planned cost of policies, million rupiah, shape (K,)."""
    costs = result.design.groupby("policy")["planned_cost"].first()
    return costs[names].to_numpy(float) - float(costs[BASELINE])


def account(found, programme, which):
    """Return (costs, gains, covariance) of an account from a joint estimate; the covariance in the same order."""
    number = len(programme)
    covariance = found.covariance.copy()
    costs = programme.copy()
    if which == "public":
        costs = costs + found.value[:number]
    else:
        covariance[:number, :] = 0.0
        covariance[:, :number] = 0.0
    return costs, found.value[number:], covariance


def prices(result):
    """Return what a unit of each gain costs under each policy.

    Returns
    -------
    DataFrame with columns gain, label, unit, account, policy, cost, cost_low, cost_high (million rupiah over the run),
    amount, amount_low, amount_high (of the gain), price, price_low, price_high (Fieller, 95 %; NaN: undefined), note, n.
    """
    from scipy.stats import t

    rows = []
    for gain, (label, unit) in GAINS.items():
        names, found = joint_estimate(result, gain)
        programme, number = planned(result, names), len(names)
        for which in ACCOUNTS:
            costs, gains, covariance = account(found, programme, which)
            for place, policy in enumerate(names):
                pair = [place, number + place]
                degrees = float(np.min(found.degrees[pair]))
                bound = t.ppf(0.5 + LEVEL / 2.0, degrees)
                part = covariance[np.ix_(pair, pair)]
                cost_half, gain_half = bound * np.sqrt(np.diag(part))
                price, low, high, note = ratios.fieller(costs[place], gains[place], part, degrees)
                rows.append({
                    "gain": gain, "label": label, "unit": unit, "account": which, "policy": policy, "cost": costs[place],
                    "cost_low": costs[place] - cost_half, "cost_high": costs[place] + cost_half, "amount": gains[place],
                    "amount_low": gains[place] - gain_half, "amount_high": gains[place] + gain_half, "price": price,
                    "price_low": low, "price_high": high, "note": note, "n": int(found.pairs[place]),
                })  # fmt: skip
    return pandas.DataFrame(rows)


def with_baseline(found, programme, which):
    """Return (costs, gains) of an account as draws, the baseline first, shape (draws, 1 + K) each."""
    number = len(programme)
    draws = ratios.draws_of(found)
    costs = np.tile(programme, (len(draws), 1))
    if which == "public":
        costs = costs + draws[:, :number]
    nothing = np.zeros((len(draws), 1))
    return np.hstack([nothing, costs]), np.hstack([nothing, draws[:, number:]])


def incremental(result, gain="digital_cases"):
    """Return the frontier of cost and gain, for each account, the cheapest option first.

    Returns
    -------
    DataFrame with columns account, gain, policy, cost, amount, state (frontier, dominated, extendedly dominated),
    incremental_price (million rupiah for one more unit than the option before it on the frontier), and
    frontier_probability: how often it stands on the frontier when cost and gain vary as the runs leave them uncertain.
    """
    names, found = joint_estimate(result, gain)
    programme, rows = planned(result, names), []
    for which in ACCOUNTS:
        costs, gains, _ = account(found, programme, which)
        costs, gains = np.append(0.0, costs), np.append(0.0, gains)
        states, slopes = ratios.frontier(costs, gains)
        chance = frontier_probability(*with_baseline(found, programme, which))
        for place in np.argsort(costs, kind="stable"):
            rows.append({
                "account": which, "gain": gain, "policy": [BASELINE, *names][place], "cost": costs[place],
                "amount": gains[place], "state": states[place], "incremental_price": slopes[place],
                "frontier_probability": chance[place],
            })  # fmt: skip
    return pandas.DataFrame(rows)


DRAWN_FRONTIERS = 500


def frontier_probability(costs, gains):
    """Return how often each option stands on the frontier, over draws of shape (draws, options)."""
    count = np.zeros(costs.shape[1])
    for cost, gain in zip(costs[:DRAWN_FRONTIERS], gains[:DRAWN_FRONTIERS], strict=True):
        count += np.array(ratios.frontier(cost, gain)[0]) == ratios.FRONTIER
    return count / min(len(costs), DRAWN_FRONTIERS)


def acceptability(result, gain="digital_cases"):
    """Return how probably each option is the best buy, over what a unit of the gain is worth to the buyer.

    Returns
    -------
    DataFrame with columns account, gain, worth (million rupiah a unit), policy, probability, expected_best (whether the
    option has the highest expected net benefit at this worth).
    """
    names, found = joint_estimate(result, gain)
    programme, rows = planned(result, names), []
    options = [BASELINE, *names]
    for which in ACCOUNTS:
        costs, gains = with_baseline(found, programme, which)
        worths = np.geomspace(*worth_bounds(costs.mean(axis=0), gains.mean(axis=0)), PRICES)
        shares = ratios.acceptability(costs, gains, worths)
        best = [int(np.argmax(worth * gains.mean(axis=0) - costs.mean(axis=0))) for worth in worths]
        for worth, share, first in zip(worths, shares, best, strict=True):
            rows += [(which, gain, worth, name, share[place], place == first) for place, name in enumerate(options)]
    return pandas.DataFrame(rows, columns=["account", "gain", "worth", "policy", "probability", "expected_best"])


def worth_bounds(costs, gains):
    """Return (least, most) worth of a unit between which the best buy changes: prices on the frontier, tenfold each way.

    Where the frontier is one option, the prices at which single options pay.
    """
    slopes = np.array(ratios.frontier(costs, gains)[1])
    found = slopes[slopes > 0.0]
    if not len(found):
        with np.errstate(divide="ignore", invalid="ignore"):
            each = np.abs(costs / gains)
        found = each[np.isfinite(each) & (each > 0.0)]
    return (found.min() / 10.0, found.max() * 10.0) if len(found) else (0.1, 10.0)
