"""What waits for a person: queues of work, and the steps that a record offers."""
