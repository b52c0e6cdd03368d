"""Which records the words of a list mean: contents, places, establishments, organisations; what is open is asked."""
