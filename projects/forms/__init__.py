"""What the screens of plans, projects and beneficiaries ask for, parsed and checked."""
