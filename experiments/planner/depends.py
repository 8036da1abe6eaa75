"""What the answer depends on: assumed parameters, the price of the lever, what a digital case is worth."""

from collections import Counter

from experiments.comparison.design import JOIN, THEN, TOGETHER
from experiments.planner.words import rupiah, title_of
from experiments.texts import marked, named, say
from model.parameter_table import BASELINE
from model.registry import load_registry

ASSUMED = "assumed"
MONEY = "million rupiah "  # every price of a lever is in it; the rest of the unit says for what


def what_it_depends_on(evidence):
    """Return how much is assumed, where the price of the best lever may lie, and when another policy is best."""
    registry = load_registry()
    prices = [registry[name] for name in dict.fromkeys(entry.cost for entry in registry.values() if entry.cost)]
    counts = {"assumed": assumed(registry.values()), "all": len(registry)}
    first = say("depends.assumed", **counts, prices=assumed(prices), all_prices=len(prices))
    return [first, *price_of_lever(evidence), *best_buys(evidence), say("depends.vary")]


def assumed(entries):
    """Return how many registry entries are assumptions."""
    return Counter(entry.status for entry in entries)[ASSUMED]


def price_of_lever(evidence):
    """Return a sentence on the price of the lever on which the best policy spends most; none if it spends nothing."""
    spent = Counter()
    for overlay in overlays_of(evidence.result, evidence.best):
        spent[overlay["parameter"]] += overlay["spend"]
    if not spent or not max(spent.values()) > 0.0:
        return []
    price = load_registry()[load_registry()[spent.most_common(1)[0][0]].cost]
    value = evidence.result.scenario["parameters"][price.name]
    if not price.low > 0.0 or not value > 0.0:
        return []
    words = {
        "label": named(price.label),
        "per": named(price.unit.removeprefix(MONEY)),
        "status": say(f"status.{price.status}"),
    }
    words |= {"value": rupiah(value), "low": rupiah(price.low), "high": rupiah(price.high)}
    return [say("depends.price", **words, least=times(value / price.high), most=times(value / price.low))]


def overlays_of(result, policy):
    """Return the overlays of a policy, or of those that it combines."""
    known = {one["name"]: one.get("overlays", ()) for one in result.manifest["loket"]["policies"]}
    if policy is None:
        return []
    names = known if policy == TOGETHER else [policy] if policy in known else policy.split(THEN if THEN in policy else JOIN)
    return [overlay for name in names for overlay in known.get(name, ())]


def best_buys(evidence):
    """Return a sentence on how the best buy changes with the worth of a digital case, if it does."""
    names = [say("depends.nothing") if name == BASELINE else title_of(evidence.result, name) for name in evidence.frontier]
    return [say("depends.worth", policies=say("depends.then").join(names))] if len(names) > 1 else []


def times(factor):
    """Return a factor with two digits that count."""
    return marked(f"{factor:.2g}" if factor < 100.0 else f"{factor:,.0f}")
