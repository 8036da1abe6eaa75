"""The report: what it says of results whose truth is known, and that it can do no harm."""

import re
from html import unescape
from html.parser import HTMLParser

import pytest

from experiments.compare import effects
from experiments.comparison.gaps import gaps
from experiments.figures import draw_all
from experiments.planner.words import rupiah, title_of
from experiments.report import write_report
from experiments.texts import say, speaking
from model import load_registry
from tests.synthetic_result import WORTH, SyntheticResult, lifted

NASTY = 'A <b>"country"</b> & <script>alert(1)</script>'


def page_of(folder, figures=(), **changes):
    """Return the report of a synthetic result."""
    result = SyntheticResult(folder, **changes)
    if figures:
        draw_all(result, folder / "figures", figures)
    return write_report(result).read_text(encoding="utf-8")


def sentences(page):
    """Return the sentences of the first screen."""
    return [unescape(found) for found in re.findall("<(?:strong|span)>([^<]*)<", page)]


def harms(page):
    """Return the sentences on harm."""
    return re.findall("<li>([^<]*)</li>", page.split('<ul class="harms">')[1].split("</ul>")[0])


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    return page_of(tmp_path_factory.mktemp("report"), ("adoption", "supply_use"), title=NASTY)


def test_five_questions_stand_before_anything_else(page):
    first = page[: page.index("<section>")]
    questions = re.findall('<div class="answer"><h2>([^<]*)</h2>', first)
    assert questions == [say(f"{key}.question") for key in ("lever", "cost", "behind", "sure", "depends")]


def test_first_answer_names_lever_size_and_interval(page):
    found = re.match(
        r"Best & more moves digital use most: \+(\S+) percentage points \(\+(\S+) to \+(\S+), for all policies at once\)",
        sentences(page)[0],
    )
    change, low, high = map(float, found.groups())
    assert low < change < high
    # The policy is worth 9 points in the last month and grows linearly, so a little less over the last twelve months.
    assert change == pytest.approx(9.0 * (1.0 - 5.5 / 60), abs=0.2)


def test_cost_is_told_in_all_and_for_a_case(page):
    said = " ".join(sentences(page))
    assert "Best & more is planned to cost Rp 5.00 trillion" in said and "All policies here" in said
    assert re.search(r"Each additional digital case takes Rp (\S+) \w+ of it \(\S+ to \S+\)", said)


@pytest.mark.parametrize(("cost", "words"), [(9e3, "Rp 9.00 billion"), (1e4, "Rp 9.00 billion to Rp 10.0 billion")])
def test_planned_costs_that_are_alike_are_one_number(tmp_path, cost, words):
    result = SyntheticResult(tmp_path, worth={"baseline": {}, "one": {}, "two": {}})
    result.design["planned_cost"] = result.design["policy"].map({"baseline": 0.0, "one": 9e3, "two": cost})
    said = " ".join(sentences(write_report(result).read_text(encoding="utf-8")))
    assert f"planned to cost {words} over the run" in said


@pytest.mark.parametrize(("second", "words"), [(0.05, "Best & more can be told"), (0.0899, "Best & more cannot be told")])
def test_best_is_told_apart_from_the_next_only_if_it_differs(tmp_path, second, words):
    worth = {"baseline": {}, "best": {"use_share": 0.09}, "next": {"use_share": second}}
    assert any(sentence.startswith(words) for sentence in sentences(page_of(tmp_path, worth=worth)))


def test_every_kind_of_harm_is_named_without_double_negation(page):
    harm = {words.split()[0]: words for words in harms(page)}
    assert set(harm) == {"Slow", "Strict", "Backward"}
    assert "raises wait for a decision by 2." in harm["Slow"]
    assert "raises dropped cases by" in harm["Strict"] and "lowers trust in the office by" in harm["Strict"]
    assert "lowers digital use by 2." in harm["Backward"]
    assert not any(re.search(r"(raises|lowers) [a-z ]+ by [-+]", words) for words in harm.values())
    assert any(words.startswith("Clear harm under 3 of 9 policies (Strict & more,") for words in sentences(page))


def test_a_verdict_on_a_gap_is_printed_with_the_interval_that_decides(tmp_path):
    result = lifted(tmp_path, "little", ("skill", "high"), 0.05)
    page = write_report(result).read_text(encoding="utf-8")
    heads, bodies = (re.findall(f"<{part}>(.*?)</{part}>", page, re.DOTALL) for part in ("thead", "tbody"))
    assert "Gap by s" not in heads[0] and "Gap by skill" in heads[1]  # one number for a gap, not two
    found = gaps(result, ["use_share"])
    ends = [[f"{100 * row[f'simultaneous_{end}']:+.2f}" for end in ("low", "high")] for _, row in found.iterrows()]
    cells = re.findall(r"<td>\S+ (widens|narrows|unclear)<small>(\S+) to (\S+)</small>", bodies[1])
    assert sorted(cells) == sorted((verdict, *pair) for verdict, pair in zip(found["verdict"], ends, strict=True))
    assert [low for verdict, low, _ in cells if verdict == "widens"][0].startswith("+")


def test_harm_is_printed_with_the_interval_that_decides(tmp_path):
    result = SyntheticResult(tmp_path)
    row = effects(result, "use_share").set_index("policy").loc["backward"]
    low, high = (f"{-100 * row[f'simultaneous_{end}']:.2f}" for end in ("high", "low"))
    said = harms(write_report(result).read_text(encoding="utf-8"))
    assert any(words.startswith("Backward") and f"({low} to {high})" in words for words in said)


def test_harm_is_named_even_if_no_policy_helps(tmp_path):
    worth = {"baseline": {}, "strict": WORTH["strict"] | {"use_share": 0.0}, "backward": WORTH["backward"]}
    page = page_of(tmp_path, worth=worth)
    assert sentences(page)[0].startswith("No policy raises digital use beyond chance. The largest estimate is that of ")
    assert len(harms(page)) == 2


def test_small_harm_is_not_called_clear(tmp_path):
    page = page_of(tmp_path, worth={"baseline": {}, "best": WORTH["best"], "sour": {"wait_days": 0.09}})
    said = sentences(page)
    assert "Only small harm, below 0.1 of its unit, under 1 of 2 policies (Sour & more)." in said
    assert not any(words.startswith("Clear harm") for words in said)
    assert len(harms(page)) == 1 and harms(page)[0].startswith("Smaller harm")


def test_no_harm_is_said(tmp_path):
    worth = {"baseline": {}, "best": WORTH["best"]}
    page = page_of(tmp_path, worth=worth)
    assert say("behind.no_harm") in sentences(page) and "<ul class" not in page


def test_levers_in_an_order_are_called_by_their_titles(tmp_path):
    result = SyntheticResult(tmp_path)
    assert title_of(result, "best > slow") == "Best & more > Slow & more"
    assert title_of(result, "together") == say("table.together") and title_of(result, "unknown") == "unknown"
    result.manifest["loket"]["policies"].append({"name": "best+slow", "overlays": []})  # as a factorial writes it
    assert title_of(result, "best+slow") == "Best & more + Slow & more"


@pytest.mark.parametrize(
    ("million", "words"),
    [
        (4_999_900.0, "Rp 5.00 trillion"),
        (64_588.8, "Rp 64.6 billion"),
        (0.018, "Rp 18.0 thousand"),
        (5e-4, "Rp 500"),
        (-0.0964, "Rp -96.4 thousand"),
    ],
)
def test_money_is_in_the_unit_that_fits(million, words):
    assert rupiah(million) == words


def test_caution_stands_on_every_section_and_printed_page_and_counts_assumptions(page):
    assumed = sum(entry.status == "assumed" for entry in load_registry().values())
    words = f"not prediction. {assumed} of {len(load_registry())} parameters are assumptions."
    assert page.count(words) == 2 + page.count("<section>")
    assert words in page[page.index("@bottom-center") : page.index("</style>")]
    assert f"On {assumed} assumed parameters of {len(load_registry())}" in page


def test_every_cell_with_chance_in_it_has_its_interval(page):
    for body in re.findall("<tbody>(.*?)</tbody>", page, re.DOTALL)[:-1]:
        for mean, interval in re.findall("<td>([^<]*)<small>([^<]*)</small></td>", body):
            assert interval or mean in ("5,000", say("table.none"))


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


def test_files_of_another_design_are_not_listed(tmp_path):
    for name in ("tables/effects.csv", "figures/adoption.csv", "figures/effects.csv"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("")
    links = re.findall('href="([^"]+)"', page_of(tmp_path, worth={"baseline": {}}))
    assert "figures/adoption.csv" in links and not {"tables/effects.csv", "figures/effects.csv"} & set(links)


def test_single_case_speaks_of_levels_in_percent(tmp_path):
    page = page_of(tmp_path, worth={"baseline": {}})
    assert say("table.effects.title") not in page and "beyond chance" not in page
    assert "% of cases (" in sentences(page)[0]


def test_same_result_same_page(tmp_path):
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert page_of(first, ("adoption",)) == page_of(second, ("adoption",))


def test_page_in_indonesian(tmp_path):
    with speaking("id"):
        page = page_of(tmp_path)
    assert '<html lang="id">' in page and "bukan prediksi" in page
    assert re.match(r"Best & more paling banyak mengubah penggunaan layanan digital: \+8,\d\d poin", sentences(page)[0])
    assert not re.search(r"\d\.\d\d ", " ".join(sentences(page)))
    english = page_of(tmp_path)
    numbers = [re.sub(r"[.,]", "", "".join(re.findall(r"[\d.,+-]", " ".join(sentences(one))))) for one in (page, english)]
    assert numbers[0].replace("-", "") == numbers[1].replace("-", "")
