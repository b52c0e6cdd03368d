"""Tags of the importer's pages."""
