"""The life of a round: plan, approve, book, announce. Calls core and edges both."""
