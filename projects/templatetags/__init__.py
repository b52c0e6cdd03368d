"""Tags of the screens: the last proof, sections of other subjects."""
