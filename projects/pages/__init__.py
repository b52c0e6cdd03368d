"""What a page shows, read once for it: no form and no request."""
