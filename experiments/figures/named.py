"""Drawing one figure out of a catalogue: saved with the numbers behind it, its provenance and a caption."""

from experiments.figures.style import drawing, save
from experiments.storage.provenance import figure_metadata
from experiments.storage.publish import publish, storage_errors
from model.checks import nearest_name
from model.errors import InputError


def draw_named(known, result, folder, name, journal="elsevier"):
    """Draw one figure into a folder as PDF, SVG, PNG, CSV and caption, and return the caption, published last.

    Parameters
    ----------
    known : name -> function without arguments that gives (figure, table, caption).

    Raises InputError if there is no such figure.
    """
    if name not in known:
        raise InputError("no such figure", given=name, allowed=", ".join(known), nearest=nearest_name(name, known))
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    with drawing(journal):
        figure, table, caption = known[name]()
        save(figure, folder, name, figure_metadata(result, name))
    publish(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n"))
    publish(folder / f"{name}.txt", caption + "\n")
    return caption
