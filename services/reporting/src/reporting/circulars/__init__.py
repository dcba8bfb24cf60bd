"""Circulars (通报): frozen figures, the official document, publishing, formal corrections."""
