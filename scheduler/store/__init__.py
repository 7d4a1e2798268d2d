"""What must last: rounds, plans, bookings, history. SQLite by default, PostgreSQL by URL."""
