"""The report: what it says of results whose truth is known, and that it can do no harm."""

import re
from html.parser import HTMLParser

import pytest

from experiments.figures import draw_all
from experiments.report import TEXT, write_report
from model import load_registry
from tests.synthetic_result import WORTH, SyntheticResult

NASTY = 'A <b>"country"</b> & <script>alert(1)</script>'


def page_of(folder, figures=(), **changes):
    """Return the report of a synthetic result."""
    result = SyntheticResult(folder, **changes)
    if figures:
        draw_all(result, folder / "figures", figures)
    return write_report(result).read_text(encoding="utf-8")


def sentences(page):
    """Return the sentences of the first screen."""
    return re.findall("<li>([^<]*)</li>", page.split('<ul class="answer">')[1].split("</ul>")[0])


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return page_of(tmp_path_factory.mktemp("report"), ("adoption", "supply_use"), title=NASTY)


def test_first_sentence_names_lever_size_interval_and_cost(page):
    found = re.match(
        r"best moves digital use most: \+(\S+) percentage points \(\+(\S+) to \+(\S+), 95 % interval\)", page_start(page)
    )
    change, low, high = map(float, found.groups())
    assert low < change < high
    # The policy is worth 9 points in the last month and grows linearly, so a little less over the last twelve months.
    assert change == pytest.approx(9.0 * (1.0 - 5.5 / 60), abs=0.2)
    assert "Rp 5.0 trillion" in page_start(page)


def page_start(page):
    return sentences(page)[0]


@pytest.mark.parametrize(("second", "words"), [(0.05, "It can be told apart"), (0.0899, "It cannot be told apart")])
def test_best_is_told_apart_from_the_next_only_if_it_differs(tmp_path, second, words):
    worth = {"baseline": {}, "best": {"use_share": 0.09}, "next": {"use_share": second}}
    assert any(sentence.startswith(words) for sentence in sentences(page_of(tmp_path, worth=worth)))


def test_every_kind_of_harm_is_named_without_double_negation(page):
    harm = {words.split()[1]: words for words in sentences(page) if words.startswith("Harm:")}
    assert set(harm) == {"slow", "strict", "backward"}
    assert "raises wait for a decision by 2." in harm["slow"]
    assert "raises dropped cases by" in harm["strict"] and "lowers trust in the office by" in harm["strict"]
    assert "lowers digital use by 2." in harm["backward"]
    assert not any(re.search(r"(raises|lowers) [a-z ]+ by [-+]", words) for words in harm.values())


def test_harm_is_named_even_if_no_policy_helps(tmp_path):
    worth = {"baseline": {}, "strict": WORTH["strict"] | {"use_share": 0.0}, "backward": WORTH["backward"]}
    said = sentences(page_of(tmp_path, worth=worth))
    assert said[0] == TEXT["nothing"]
    assert sum(words.startswith("Harm:") for words in said) == 2


def test_no_harm_is_said(tmp_path):
    worth = {"baseline": {}, "best": WORTH["best"]}
    assert TEXT["no_harm"] in sentences(page_of(tmp_path, worth=worth))


def test_gap_is_told_with_its_level_and_its_change(page):
    gap = next(words for words in sentences(page) if words.startswith("Who is left behind"))
    numbers = re.search(r"goes from (\S+) to (\S+) percentage points \(change (\S+),", gap)
    before, after, change = map(float, numbers.groups())
    assert after - before == pytest.approx(change, abs=0.011) and change > 0


def test_caution_stands_on_every_section_and_counts_assumptions(page):
    assumed = sum(entry.status == "assumed" for entry in load_registry().values())
    words = f"not prediction. {assumed} of {len(load_registry())} parameters are assumptions."
    assert page.count(words) == 1 + page.count("<section>")


def test_text_is_escaped_and_page_is_closed(page):
    assert "<script" not in page and "<b>" not in page and "&lt;script&gt;" in page
    assert "Best &amp; more" in page
    assert not re.search(r"""(src|href)=["'](?!data:image/png;base64,|figures/|tables/)""", page)
    assert "http:" not in page and "https:" not in page
    assert "default-src 'none'" in page


class Outline(HTMLParser):
    """Collects what a screen reader needs."""

    def __init__(self):
        super().__init__()
        self.headings, self.without_scope, self.images, self.open = [], 0, [], []

    def handle_starttag(self, tag, attrs):
        attributes = dict(attrs)
        if re.fullmatch("h[1-6]", tag):
            self.headings.append(int(tag[1]))
        if tag == "th" and attributes.get("scope") not in ("col", "row"):
            self.without_scope += 1
        if tag == "img":
            self.images.append(attributes)
        if tag not in ("meta", "img", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def test_page_is_accessible(page):
    outline = Outline()
    outline.feed(page)
    assert outline.open == [] and outline.without_scope == 0
    assert outline.headings[0] == 1 and outline.headings.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in zip(outline.headings, outline.headings[1:], strict=False))
    assert len(outline.images) == 2 and all(image["alt"] and int(image["width"]) for image in outline.images)
    assert '<html lang="en">' in page


def test_links_lead_to_files_that_exist(tmp_path):
    page = page_of(tmp_path, ("adoption",))
    links = re.findall('href="([^"]+)"', page)
    assert links and all((tmp_path / link).is_file() for link in links)


def test_single_case_speaks_of_levels_in_percent(tmp_path):
    page = page_of(tmp_path, worth={"baseline": {}})
    assert TEXT["policies"] not in page and TEXT["nothing"] not in page
    assert "% of cases (" in sentences(page)[0]


def test_same_result_same_page(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert page_of(first, ("adoption",)) == page_of(second, ("adoption",))
