"""What pages of HTML share: a strict template with every text escaped, and figures as data in the page."""

import base64
import struct

import jinja2

SCREEN = 1.5 * 96 / 300  # pixels on the screen per pixel of a figure: half larger than on paper


def rendered(template, filters=None, **content):
    """Return the text of a page from the path of a template; a name that is not given is an error."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    environment.filters |= filters or {}
    return environment.from_string(template.read_text(encoding="utf-8")).render(**content)


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
