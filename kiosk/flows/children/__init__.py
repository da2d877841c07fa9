"""A guardian's children: seeing them, opening their pages, taking the consent back."""
