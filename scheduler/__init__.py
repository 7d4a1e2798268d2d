"""A scheduler for internal networking on Microsoft 365."""
