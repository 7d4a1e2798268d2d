from __future__ import annotations

import datetime as dt
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from scheduler.sandbox.organisation import build_organisation
from scheduler.sandbox.organisation.files import OrganisationFileError, read_people
from tests.sandbox.conftest import TODAY

REAL = Path(__file__).parents[2] / "../shared/data/organisation"


@pytest.fixture(scope="module")
def thousand():
    return build_organisation(people=1000, seed=7, today=TODAY)


def test_same_seed_and_day_make_the_same_organisation(thousand):
    assert build_organisation(people=1000, seed=7, today=TODAY) == thousand


def test_another_seed_makes_another_one(thousand):
    assert build_organisation(people=1000, seed=8, today=TODAY).members != thousand.members


@pytest.mark.parametrize("people", [1, 2, 12, 60, 450])
def test_any_size_has_as_many_people_as_asked_for(people):
    made = build_organisation(people=people, seed=7, today=TODAY)

    assert len(made.people) == people
    assert sum(person.manager is None for person in made.people) == 1


def test_departments_are_of_very_unequal_size(thousand):
    sizes = Counter(person.department for person in thousand.people).most_common()

    assert len(sizes) == 20
    assert sizes[0][1] > 10 * sizes[-1][1]


def test_addresses_ids_and_employee_numbers_are_unique(thousand):
    for name in ("mail", "id", "upn"):
        values = [getattr(member, name).lower() for member in thousand.members]
        assert len(set(values)) == len(values)
    assert len({person.key for person in thousand.people}) == 1000


def test_addresses_have_at_most_64_characters_before_the_at(thousand):
    assert max(len(member.mail.split("@")[0]) for member in thousand.members) == 64
    assert all(member.mail.isascii() for member in thousand.members)


def test_offices_fall_in_size_and_each_has_one_zone(thousand):
    counts = Counter(p.office for p in thousand.people if p.office != "Remote").most_common()
    zones = {(p.office, p.zone) for p in thousand.people if p.office != "Remote"}

    assert [name for name, _ in counts[:2]] == ["London", "Berlin"]
    assert len(zones) == len(counts) == 9
    assert 0.08 < sum(p.office == "Remote" for p in thousand.people) / 1000 < 0.16


def test_names_are_in_the_scripts_of_the_offices(thousand):
    scripts = {
        (person.office, unicodedata.name(person.surname[0]).split()[0])
        for person in thousand.people
    }

    assert {("Athens", "GREEK"), ("Sofia", "CYRILLIC"), ("Tokyo", "CJK")} <= scripts
    assert {office for office, script in scripts if script == "CJK"} <= {"Tokyo", "Remote"}


def test_names_that_break_things_are_there(thousand):
    names = [person.name for person in thousand.people]

    assert "Aoife O'Connor" in names
    assert "Zoë Łukaszewicz-Ångström" in names
    assert max(map(len, names)) > 90


def test_there_are_newcomers_and_long_serving_people(thousand):
    tenure = [(TODAY - person.hired).days for person in thousand.people]

    assert 30 < sum(days < 90 for days in tenure) < 150
    assert sum(days > 730 for days in tenure) > 400
    assert min(tenure) >= 0


def test_who_leads_has_been_here_for_a_year(thousand):
    leads = {person.manager for person in thousand.people}

    assert min((TODAY - p.hired).days for p in thousand.people if p.id in leads) >= 365


def test_others_are_no_people_and_cannot_be_taken_for_them(thousand):
    kinds = Counter(member.kind for member in thousand.members)

    assert kinds["guest"] == 10
    assert kinds["leaver"] == 15
    assert all("#EXT#" in m.upn for m in thousand.members if m.kind == "guest")
    assert not any(m.enabled for m in thousand.members if m.kind in ("leaver", "organiser", "room"))


def test_a_few_mailboxes_cannot_be_read(thousand):
    states = Counter(person.mailbox for person in thousand.people)

    assert set(states) == {"ok", "missing", "disabled", "unreadable"}
    assert 980 <= states["ok"] < 1000


def test_organisers_have_mailboxes_of_their_own(thousand):
    organisers = [m.mail for m in thousand.members if m.kind == "organiser"]

    assert organisers == [f"networking-{n}@lindenhof.example" for n in range(1, 5)]


def test_a_given_organisation_keeps_its_people_departments_and_ties(tmp_path):
    (tmp_path / "people.csv").write_text("person,department\n7,1\n8,1\n9,12\n")
    (tmp_path / "ties.csv").write_text("sender,recipient\n7,8\n8,7\n9,9\n7,9\n7,99\n")

    made = build_organisation(people=5, seed=7, today=TODAY, path=tmp_path)

    by_key = {person.key: person for person in made.people}
    assert {k: p.department for k, p in by_key.items()} == {
        "7": "Department 01", "8": "Department 01", "9": "Department 12",
    }  # fmt: skip
    expected = {tuple(sorted((by_key["7"].id, by_key[k].id))) for k in ("8", "9")}
    assert set(made.ties) == expected


@pytest.mark.skipif(not REAL.exists(), reason="../shared/data/organisation is not on this machine")
def test_the_real_organisation_is_whole():
    made = build_organisation(people=0, seed=7, today=TODAY, path=REAL)

    sizes = Counter(person.department for person in made.people)
    assert (len(made.people), len(sizes), len(made.ties)) == (1005, 42, 16_064)
    assert (max(sizes.values()), min(sizes.values())) == (109, 1)


def test_hr_export_says_what_it_knows_and_the_rest_is_invented(tmp_path):
    file = tmp_path / "export.csv"
    header = (
        "Employee ID;First Name;Last Name;Work Email;Department;Location;Hire Date;"
        "Reports To;Job Title"
    )
    file.write_bytes(
        "\ufeffWorker Report - as of 2026-09-01;;;;;\n\n"
        f"{header}\n"
        "E1;Zoë;Meier;zoe@a.example;Sales;Berlin;2020-02-03;;Boss\n"
        "E2;Li;Wu;li@a.example;Legal;Sydney;03/04/2021;E1;Counsel\n"
        f"{header}\n"
        "Total\n".encode()
    )

    zoe, li = build_organisation(people=0, seed=7, today=TODAY, path=file).people

    assert (zoe.name, zoe.mail, zoe.hired, zoe.title) == (
        "Zoë Meier", "zoe@a.example", dt.date(2020, 2, 3), "Boss",
    )  # fmt: skip
    assert (li.manager, li.office, li.zone) == (zoe.id, "Sydney", "Australia/Sydney")
    assert li.hired is not None  # the given day could be of April or of March: invented


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_hr_export_in_any_encoding(tmp_path, encoding):
    file = tmp_path / "export.csv"
    file.write_bytes("Name;Abteilung\nZoë Müller;Verkauf\n".encode(encoding))

    (row,) = read_people(file)

    assert (row.name, row.department) == ("Zoë Müller", "Verkauf")


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "Give a folder with people.csv"), ("a,b\n1,2\n", "names the columns"),
     ("person,department\n", "no person below the header row")],
)  # fmt: skip
def test_file_that_cannot_be_used_is_named(tmp_path, content, message):
    file = tmp_path / "x.csv"
    if content is not None:
        file.write_text(content)

    with pytest.raises(OrganisationFileError, match=message) as caught:
        build_organisation(people=0, seed=7, today=TODAY, path=file)

    assert str(file) in str(caught.value)
