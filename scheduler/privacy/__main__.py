"""Write the sheet for the works council, ``docs/works-council.md``, to standard output."""

import sys

from scheduler.privacy.sheet import as_markdown
from scheduler.settings.organisation import Retention

sys.stdout.write(as_markdown(Retention()))
