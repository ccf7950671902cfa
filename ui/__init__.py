"""Every way in for people: the web chat and the command line."""
