"""All figures of a discovery by name; each is saved with the numbers behind it, its provenance and a caption."""

from functools import partial

from experiments.discovery import words
from experiments.figures import boxes, robustness

OF_ALL = {"satisficing": robustness.satisficing, "regret": robustness.regret}
OF_FINDING = {"box": boxes.box, "pairs": boxes.pairs, "tree": boxes.tree}


def catalogue(discovery):
    """Return name -> function without arguments that gives (figure, table, caption), for every figure of a discovery."""
    found = {name: partial(draw_it, discovery) for name, draw_it in OF_ALL.items()}
    for finding in discovery.findings:
        has_box = len(finding.box.restricted) > 0
        several = has_box and len(discovery.futures.factors) > 1
        fits = {"box": has_box, "pairs": several, "tree": finding.tree.root is not None}
        name = words.name_of(discovery.futures, finding)
        found |= {f"{kind}-{name}": partial(OF_FINDING[kind], discovery, finding) for kind, fit in fits.items() if fit}
    return found
