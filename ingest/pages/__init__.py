"""Puts pages together: lines to paragraphs, without furniture, with tables that go on over a page."""
