"""Reads PDF files with text: characters, ruled and loose tables."""
