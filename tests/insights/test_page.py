import re

import html5lib
import pytest
from lxml import etree

from scheduler.insights.charts import draw_charts
from scheduler.insights.drawing import DARK, chart_as_png
from scheduler.insights.page import report_as_page
from scheduler.insights.tables import write_row
from tests.insights.company import EVIL, MARKUP, make_company_report

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def report():
    return make_company_report()


@pytest.fixture(scope="module")
def page(report):
    return report_as_page(report)


@pytest.fixture(scope="module")
def tree(page):
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)


@pytest.fixture(scope="module")
def charts(report):
    return draw_charts(report.figures)


def text_of(element):
    return " ".join("".join(element.itertext()).split())


def test_page_shows_every_sentence_and_every_cell(report, tree):
    listed = [text_of(item) for item in tree.findall(".//ul[@class='words']/li")]
    shown = {
        text_of(table.find("caption")): [
            [text_of(cell) for cell in row] for row in table.findall("tbody/tr")
        ]
        for table in tree.findall(".//table")
    }

    assert listed == [" ".join(sentence.split()) for sentence in report.sentences]
    for table in report.tables:
        rows = [[" ".join(cell.split()) for cell in write_row(table, row)] for row in table.rows]
        assert shown[table.title] == rows


def test_page_loads_nothing(tree, page):
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in {"script", "link", "iframe", "object", "img", "base"}
        for name, value in element.attrib.items():
            assert not str(name).startswith("on")
            assert "href" not in str(name)
            assert (
                not re.search(r"(?i)^\s*(https?:|//|data:|javascript:)", value) or "xmlns" in name
            )
    assert "@import" not in page
    assert not re.search(r"url\((?!#)", page)


def test_page_shows_markup_in_names_as_text(tree, page):
    departments = [text_of(cell) for cell in tree.findall(".//tbody/tr/th")]

    assert MARKUP in departments
    assert EVIL in departments
    assert "<b>coffee</b>" in departments
    assert "<script" not in page
    assert "<b>" not in page


def test_page_names_each_part_for_screen_readers(tree):
    ids = [e.attrib["id"] for e in tree.iter() if isinstance(e.tag, str) and "id" in e.attrib]

    assert len(set(ids)) == len(ids)
    for element in tree.iter():
        if isinstance(element.tag, str) and "aria-labelledby" in element.attrib:
            assert set(element.attrib["aria-labelledby"].split()) <= set(ids)
    assert [len(tree.findall(f".//h{n}")) for n in (1,)] == [1]
    figures = tree.findall(".//figure")
    assert len(figures) == 7
    assert len(tree.findall(".//details/div/table")) == len(figures)


def test_every_chart_says_in_words_what_it_shows(charts):
    assert [chart.key for chart in charts] == [
        "rounds", "reach", "heat-before", "heat-after", "network", "arrivals", "answers"
    ]  # fmt: skip
    for chart in charts:
        root = etree.fromstring(chart.svg.encode())
        assert root.tag == f"{SVG}svg"
        assert root.get("role") == "img"
        assert root.find(f"{SVG}title").text == chart.title
        assert root.find(f"{SVG}desc").text == chart.text
        assert root.get("aria-labelledby").split() == [f"{chart.key}-title", f"{chart.key}-text"]


def test_bars_are_as_high_as_the_rounds_made_ties(report, charts):
    root = etree.fromstring(charts[0].svg.encode())

    told = [
        float(re.search(r"ties: ([\d.,]+)", path.get("aria-label")).group(1).replace(",", ""))
        for path in root.iter(f"{SVG}path")
        if path.get("aria-roledescription") == "bar"
    ]
    by_name = sorted(report.figures.rounds, key=lambda f: [
        r.name for r in report.figures.rounds].index(f.name))  # fmt: skip
    assert told == [f.new_across for f in by_name]


def test_heat_map_fills_the_cells_of_five_people_or_more(report, charts):
    network = report.figures.network
    for chart, people in ((charts[2], network.people_before), (charts[3], network.people_after)):
        root = etree.fromstring(chart.svg.encode())
        marks = [g for g in root.iter(f"{SVG}g") if "mark-rect role-mark" in g.get("class", "")]
        assert sum(len(g.findall(f"{SVG}path")) for g in marks) == (people >= 5).sum()


def test_every_colour_of_a_chart_has_a_dark_one(charts):
    for chart in charts:
        root = etree.fromstring(chart.svg.encode())
        colours = {
            element.get(name)
            for element in root.iter()
            for name in ("fill", "stroke")
            if element.get(name) not in {None, "none", "transparent"}
        }
        assert colours <= set(DARK)


def test_charts_are_the_same_every_time(report, charts):
    assert draw_charts(report.figures) == charts


def test_a_chart_can_be_had_as_png(charts):
    png = chart_as_png(charts[1], width=800)

    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(png[16:20], "big") == pytest.approx(800, abs=2)


def test_a_report_of_one_programme_is_a_page_too():
    page = report_as_page(make_company_report(programme="lunch"))

    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(page)
    assert "lunch alone" in text_of(tree.find(".//p[@class='period']"))
    assert len(tree.findall(".//figure")) == 2
