"""How figures look and how they are saved: journal widths, colours that survive grey and colour blindness, provenance.

Colours: Okabe & Ito 2008. Lines differ in dash and brightness as well as hue, areas in brightness.
"""

from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path

from matplotlib import rc_context
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.ticker import ScalarFormatter

from experiments.storage.publish import publish_with
from experiments.texts import ENGLISH, marked, spoken

MILLIMETRE = 1 / 25.4
BLUE, ORANGE, GREEN, RED = "#0072B2", "#E69F00", "#009E73", "#D55E00"
PURPLE, BLACK = "#CC79A7", "#000000"
LINES = ((BLACK, "-"), (BLUE, "--"), (RED, "-."), (GREEN, ":"), (ORANGE, (0, (5, 1))), (PURPLE, (0, (3, 1, 1, 1))))
# Enough for a dozen policies: no two share colour, dash and marker, and markers differ in form, so grey is enough.
MARKERS = ("", "o", "s", "^", "v", "D", "x", "+", "<", ">", "*", "p", "h")
STAGES = ("#D9D9D9", "#56B4E9", "#08306B")  # light to dark: street, screen, system
SETTINGS = {
    "font.family": "DejaVu Sans",
    "font.size": 8,
    "axes.titlesize": 8,
    "axes.labelsize": 8,
    "legend.fontsize": 7,
    "xtick.labelsize": 7,
    "ytick.labelsize": 7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.linewidth": 0.6,
    "lines.linewidth": 1.3,
    "legend.frameon": False,
    "pdf.fonttype": 42,
    "svg.fonttype": "path",
    "svg.hashsalt": "loket",
    "figure.dpi": 100,
}

FORMATS = ("pdf", "svg", "png")
SINGLE, DOUBLE = 90, 190  # widths of a figure in one and in two columns, millimetres, unless a journal says otherwise
JOURNALS = {  # name -> (one column, two columns), millimetres; from the guides for authors
    "elsevier": (90, 190),
    "springer": (84, 174),
    "jasss": (100, 160),
    "ieee": (88.9, 182),
    "thesis": (100, 150),
}
_JOURNAL = ContextVar("journal", default="elsevier")


class Ticks(ScalarFormatter):
    """Numbers along an axis with the marks of the language."""

    def __call__(self, value, position=None):
        """Return the words of one tick."""
        return marked(super().__call__(value, position))


def tick_words():
    """Return what writes the numbers along an axis in the language at hand; None leaves it to matplotlib, in English."""
    return Ticks() if spoken() != ENGLISH else None


def new_figure(width, height, rows=1, columns=1, **grid):
    """Return (Figure, axes) of a size in millimetres; axes as an array if there is more than one.

    The widths of one and of two columns become those of the journal at hand.
    """
    width = dict(zip((SINGLE, DOUBLE), JOURNALS[_JOURNAL.get()], strict=True)).get(width, width)
    figure = Figure(figsize=(width * MILLIMETRE, height * MILLIMETRE), layout="constrained")
    FigureCanvasAgg(figure)
    panels = figure.subplots(rows, columns, **grid)
    for axes in figure.axes if spoken() != ENGLISH else ():
        for axis in (axes.xaxis, axes.yaxis):
            axis.set_major_formatter(Ticks())
    return figure, panels


@contextmanager
def drawing(journal="elsevier"):
    """Make and save figures in our style, at the widths of a journal."""
    token = _JOURNAL.set(journal)
    try:
        with rc_context(SETTINGS):
            yield
    finally:
        _JOURNAL.reset(token)


def save(figure, folder, name, metadata):
    """Write a figure as PDF, SVG and PNG, each whole or not at all; no dates, so that a rebuild is identical.

    Raises StorageError if the disk refuses.
    """
    kept = {
        "pdf": {"Keywords": metadata, "CreationDate": None, "Creator": "Loket", "Producer": None},
        "svg": {"Description": metadata, "Date": None, "Creator": "Loket"},
        "png": {"Loket": metadata, "Software": None},
    }
    paths = []
    for kind in FORMATS:
        path = Path(folder) / f"{name}.{kind}"
        publish_with(path, partial(figure.savefig, format=kind, dpi=300, metadata=kept[kind]))
        paths.append(path)
    return paths
