"""The paths of Microsoft Graph v1.0 which a scheduler meets."""
