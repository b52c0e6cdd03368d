"""A subject of its own with nothing in it: what every new application begins with (CONTRIBUTING.md).

It imports the core, and the core finds it through ``settings.PROVIDERS`` alone.
"""
