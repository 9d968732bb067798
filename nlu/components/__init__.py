"""Graph components that Rasa loads."""
