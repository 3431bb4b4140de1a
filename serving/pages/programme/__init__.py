"""Suivis après le contrat: who is to be asked what became of them, and what they answered."""
