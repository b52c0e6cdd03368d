"""Screens of plans, projects and beneficiaries: function views of one shape."""
