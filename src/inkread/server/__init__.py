"""The service and the application: HTTP in front of the readers, for this machine or one's own network."""
