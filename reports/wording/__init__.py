"""Words that several reports share: heads of documents, notes, what a project says in a row."""
