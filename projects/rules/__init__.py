"""Rights over records (permissions), steps and who may not take them (transitions, workflow), what the law says."""
