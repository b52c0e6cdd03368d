"""Rights over records (permissions), steps with who may and who may not take them (workflow), what the law says."""
