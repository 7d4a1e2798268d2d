"""What stands in people's calendars before the product books anything.

Everything follows from the seed, the person and the week, so that any weeks may be asked for, in
any order, and the same weeks are always the same.
"""

from scheduler.sandbox.diary.habits import Habits
from scheduler.sandbox.diary.week import Diary, Item

__all__ = ["Diary", "Habits", "Item"]
