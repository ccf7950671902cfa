"""Reads pages: encoding, the article among the page's furniture, tables of every make, web archives."""
