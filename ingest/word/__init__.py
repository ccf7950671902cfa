"""Reads Word documents from their XML; older formats through LibreOffice."""
