"""Nianbao inside other frameworks: a file for each thing that one of them takes, imported when it is asked for."""
