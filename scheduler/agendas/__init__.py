"""What a group gets to read: HTML for the invitation, a PDF beside it."""
