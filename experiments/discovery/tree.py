"""A classification tree (CART) of the futures in which a policy fails, as rules in words.

Source: Breiman, Friedman, Olshen & Stone 1984, Classification and Regression Trees; scikit-learn. Against PRIM for
scenario discovery: Lempert, Bryant & Bankes 2008, RAND WR-557.
"""

from dataclasses import dataclass

import numpy as np

from experiments.discovery.screening import screened

DEPTH = 3
LEAST_SHARE = 0.05  # of the futures in a leaf


@dataclass(frozen=True)
class Leaf:
    """A leaf: `steps` from the root, each (factor's place, is below, limit); futures and failures in it."""

    steps: tuple
    held: int
    hits: int


@dataclass(frozen=True)
class Tree:
    """A tree and how far it can be trusted.

    Attributes
    ----------
    leaves : list of Leaf, from the left. root : place of the factor of the first split, None without any.
    same_root : share of half samples whose tree splits on the same factor first.
    accuracy : mean of the shares of failures and of successes told right in unseen halves (0.5: no better than a coin).
    """

    leaves: list
    root: int | None
    same_root: float
    accuracy: float


def grow(x, y):
    """Return (fitted tree, places of the factors it saw) of a sample."""
    from sklearn.tree import DecisionTreeClassifier

    places = screened(x, y)
    if not len(places):
        places = np.arange(1)
        x = np.zeros((len(y), 1))  # nothing to split on: a tree of one leaf
    model = DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=max(int(LEAST_SHARE * len(y)), 2), random_state=0)
    return model.fit(x[:, places], y), places


def find_tree(x, y, resamples, seed):
    """Return the Tree of a sample; `seed` is a sequence of whole numbers."""
    model, places = grow(x, y)
    root = root_of(model, places)
    draw = np.random.default_rng(seed)
    roots, right = [], []
    for _ in range(resamples):
        order = draw.permutation(len(y))
        one, other = order[: len(y) // 2], order[len(y) // 2 :]
        half, seen = grow(x[one], y[one])
        roots.append(root_of(half, seen))
        told = half.predict(x[other][:, seen])
        right.append(np.mean([np.mean(told[y[other] == kind] == kind) for kind in np.unique(y[other])]))
    same = float(np.mean([found == root for found in roots]))
    return Tree(list(leaves_of(model.tree_, places)), root, same, float(np.mean(right)))


def root_of(model, places):
    """Return the place of the factor on which a tree splits first, or None."""
    first = int(model.tree_.feature[0])
    return int(places[first]) if first >= 0 else None


def leaves_of(tree, places, node=0, steps=()):
    """Yield the leaves below a node."""
    if tree.children_left[node] == tree.children_right[node]:
        held = int(tree.n_node_samples[node])
        hits = round(float(tree.value[node][0][-1]) * held) if tree.n_classes[0] > 1 else 0
        yield Leaf(steps, held, hits)
        return
    factor, limit = int(places[tree.feature[node]]), float(tree.threshold[node])
    for is_below, child in ((True, tree.children_left[node]), (False, tree.children_right[node])):
        yield from leaves_of(tree, places, child, (*steps, (factor, is_below, limit)))
