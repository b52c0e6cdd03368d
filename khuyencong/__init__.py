"""The site itself: settings, text and money as Vietnamese offices write them, forms, drafts, append-only rows."""
