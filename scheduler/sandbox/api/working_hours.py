"""``workingHours``: a Windows zone, a custom zone, or nothing."""

from __future__ import annotations

from scheduler.sandbox.api.request import Json
from scheduler.sandbox.diary import Habits
from scheduler.sandbox.organisation import Member

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

# Minutes that are added to local time to get UTC, and the last Sundays of October and March.
_CUSTOM_BIAS = {"Europe/Berlin": -60, "Europe/London": 0}


def write_working_hours(member: Member, habits: Habits) -> Json | None:
    """Write the working hours as ``getSchedule`` and ``mailboxSettings`` show them."""
    if habits.hours == "missing":
        return None
    zone: Json = {"name": member.windows_zone}
    if habits.hours == "custom":
        end, start = (3, "03:00:00.0000000"), (2, "02:00:00.0000000")
        if member.zone == "Europe/London":
            end, start = (2, "02:00:00.0000000"), (1, "01:00:00.0000000")
        zone = {
            "@odata.type": "#microsoft.graph.customTimeZone",
            "bias": _CUSTOM_BIAS[member.zone],
            "name": "Customized Time Zone",
            "standardOffset": {
                "time": end[1], "dayOccurrence": 5, "dayOfWeek": "sunday", "month": 10, "year": 0,
            },
            "daylightOffset": {
                "daylightBias": -60, "time": start[1], "dayOccurrence": 5, "dayOfWeek": "sunday",
                "month": 3, "year": 0,
            },
        }  # fmt: skip
    return {
        "daysOfWeek": [DAYS[day] for day in habits.days],
        "startTime": f"{habits.start // 60:02d}:{habits.start % 60:02d}:00.0000000",
        "endTime": f"{habits.end // 60:02d}:{habits.end % 60:02d}:00.0000000",
        "timeZone": zone,
    }
