"""Departments, teams and titles of an invented organisation."""

from __future__ import annotations

DEPARTMENTS: dict[str, tuple[str, ...]] = {
    "Engineering": ("Software Engineer", "Site Reliability Engineer", "Test Engineer"),
    "Sales": ("Account Executive", "Sales Engineer", "Sales Development Representative"),
    "Customer Support": ("Support Specialist", "Support Engineer"),
    "Operations": ("Operations Analyst", "Supply Planner", "Logistics Coordinator"),
    "Product": ("Product Manager", "Product Analyst"),
    "Marketing": ("Marketing Manager", "Content Writer", "Campaign Analyst"),
    "Finance": ("Accountant", "Financial Analyst", "Payroll Specialist"),
    "Data and Analytics": ("Data Scientist", "Data Engineer", "Analyst"),
    "Customer Success": ("Customer Success Manager", "Onboarding Specialist"),
    "Human Resources": ("HR Business Partner", "Recruiter", "Learning Specialist"),
    "IT": ("Systems Administrator", "Service Desk Analyst"),
    "Design": ("Product Designer", "Design Researcher"),
    "Research": ("Researcher", "Research Engineer"),
    "Legal": ("Counsel", "Paralegal"),
    "Security": ("Security Engineer", "Security Analyst"),
    "Quality": ("Quality Engineer", "Auditor"),
    "Procurement": ("Buyer", "Vendor Manager"),
    "Facilities": ("Facilities Coordinator", "Workplace Manager"),
    "Communications": ("Communications Manager", "Editor"),
    "Strategy": ("Strategist", "Programme Manager"),
}

TEAM_SIZE = 8
GRADES = ("Junior ", "", "", "Senior ", "Principal ")


def size_departments(people: int) -> list[tuple[str, int]]:
    """Return departments with sizes that fall as n^-0.85, largest first; they sum to ``people``."""
    count = max(1, min(len(DEPARTMENTS), people // 12 or people))
    weights = [(rank + 1) ** -0.85 for rank in range(count)]
    sizes = [max(1, int(people * weight / sum(weights))) for weight in weights]
    sizes[0] += people - sum(sizes)
    return list(zip(DEPARTMENTS, sizes, strict=False))


def find_roles(department: str) -> tuple[str, ...]:
    """Return the job titles of a department; an unknown one has specialists."""
    return DEPARTMENTS.get(department, ("Specialist", "Analyst", "Coordinator"))
