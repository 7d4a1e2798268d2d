"""The door: pages for HR and employees, and what Teams and Graph send us."""
