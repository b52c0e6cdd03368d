"""The work: projects from the draft to the liquidation, with their money, rules, figures and screens."""
