"""A plan's groups as Outlook events, exactly one each."""
