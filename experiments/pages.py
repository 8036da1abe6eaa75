"""What pages of HTML share: a strict template with every text escaped, and figures as data in the page."""

import base64
import struct
import sys

import jinja2

SCREEN = 1.5 * 96 / 300  # pixels on the screen per pixel of a figure: half larger than on paper


def rendered(template, filters=None, **content):
    """Return the text of a page from the path of a template; a name that is not given is an error."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters |= filters or {}
    return environment.from_string(template.read_text(encoding="utf-8")).render(**content)


def tables_of_page(folder, written):
    """Return the tables of a page relative to its folder: those written with it, never what an earlier state left there.

    Parameters
    ----------
    folder : Path of the page; tables are below it. written : names of the files written for this page.

    What else lies among the tables may be somebody's own, so it is named on the screen and stays where it is.
    """
    others = sorted({path.name for path in (folder / "tables").glob("*")} - set(written))
    if others:
        print(
            f"note: not of this result, and not in its report: {', '.join(others)} in {folder / 'tables'}", file=sys.stderr
        )
    return [f"tables/{name}" for name in sorted(written)]


def embedded(path, name, alternative):
    """Return a picture (PNG, its caption beside it) as data for a page."""
    picture = path.read_bytes()
    width, height = (round(side * SCREEN) for side in struct.unpack(">II", picture[16:24]))
    return {
        "name": name,
        "caption": path.with_suffix(".txt").read_text(encoding="utf-8").strip(),
        "alternative": alternative,
        "width": width,
        "height": height,
        "data": base64.b64encode(picture).decode("ascii"),
    }
