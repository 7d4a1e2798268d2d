import asyncio
import shutil
from pathlib import Path

import pytest

from scheduler.people.choices import Choices
from scheduler.people.choosing import ChoiceError
from scheduler.rounds.choosing import keep_choice
from scheduler.rounds.company import read_company
from scheduler.rounds.past import read_own_choices

CONFIG = Path(__file__).parents[2] / "config"


def test_read_company_joins_the_hr_export_and_drops_leavers(open_context, tmp_path) -> None:
    config = tmp_path / "config"
    shutil.copytree(CONFIG, config)
    (config / "people.yaml").write_text("hr_export: {file: hr.csv, source: bamboohr}\n")

    async def work():
        async with open_context() as context:
            plain = await read_company(context)
        stays, goes = plain.people[0], plain.people[1]
        (config / "hr.csv").write_text(
            "Work Email,Division,Status\n"
            f"{stays.mail},Deals,Active\n{goes.mail},Deals,Terminated\nx@gone.example,Deals,Active\n",
            encoding="utf-8",
        )
        async with open_context(config) as context:
            return plain, await read_company(context)

    plain, company = asyncio.run(work())

    assert company.people[0].team == "Deals"
    assert len(company.people) == len(plain.people) - 1
    assert [one.kind for one in company.set_aside[len(plain.set_aside) :]] == ["left the company"]
    assert [one.mail for one in company.joined.without_person] == ["x@gone.example"]
    assert len(company.joined.without_record) == len(plain.people) - 2


def test_keep_choice_keeps_what_a_person_decided_and_names_no_secret(open_context) -> None:
    async def work():
        async with open_context() as context:
            one, other = (await read_company(context)).people[:2]
            said = [
                await keep_choice(context, one.mail.upper(), "leave", ["virtual-coffee"]),
                await keep_choice(context, one.id, "never-with", [other.mail]),
            ]
            with pytest.raises(ChoiceError, match="is not in the directory"):
                await keep_choice(context, "ghost@x.example", "join", ["all"])
            return said, read_own_choices(context)[one.id], other

    said, own, other = asyncio.run(work())

    assert [one.in_words() for one in said] == ["Kept: leave virtual-coffee.", "Kept: never-with."]
    assert own == Choices(left=frozenset({"virtual-coffee"}), never_with=frozenset({other.id}))
