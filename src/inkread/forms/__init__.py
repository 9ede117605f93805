"""Forms: what a form is, what must hold between its fields, how it is printed, how one is learnt."""
