"""What people read, in their own language: message catalogues, dates, clock times, zone names."""
