"""Which records the words of a list mean: contents, places, establishments, organisations; what is not sure is left to be asked."""
