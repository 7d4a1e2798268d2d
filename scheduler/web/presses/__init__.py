"""What happens when a button of a card is pressed: the deed, and what the card turns into."""
