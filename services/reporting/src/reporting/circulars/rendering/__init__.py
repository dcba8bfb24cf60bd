"""The official document of a circular as a Word file, by the elements of GB/T 9704-2012.

`rendering.document` loads python-docx, which takes 30 MB: whoever sets a document imports it then.
"""

from reporting.circulars.rendering.paper import DOCX, Paper

__all__ = ["DOCX", "Paper"]
