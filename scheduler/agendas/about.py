"""Who somebody is, in one line, as colleagues introduce each other."""

from __future__ import annotations

from scheduler.people.person import Person
from scheduler.texts.catalogue import Texts


def about_text(person: Person, texts: Texts) -> str:
    """``Business analyst · Legal · Berlin``, of what is known; a guest's company instead."""
    if person.guest:
        return " · ".join(part for part in (person.title, person.company) if part)
    department = person.department and department_text(person.department, texts)
    parts = (person.title, department, person.office)
    return " · ".join(dict.fromkeys(part for part in parts if part))


def department_text(department: str, texts: Texts) -> str:
    """The department's name; a mere number is called "Department 14"."""
    if department.strip().isdigit():
        return texts.say("Department {number}", number=department.strip())
    return department
