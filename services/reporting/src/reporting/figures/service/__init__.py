"""Use cases of the figures: keeping them up to date, and answering from them."""

from reporting.figures.service.answering import (
    ChildFigures,
    DivisionBelow,
    Drilldown,
    Figured,
    FigureLine,
    Question,
    get_figures,
    list_children,
    list_divisions_below,
)
from reporting.figures.service.keeping import AcceptedVersion, apply_accepted

__all__ = [
    "AcceptedVersion",
    "ChildFigures",
    "DivisionBelow",
    "Drilldown",
    "FigureLine",
    "Figured",
    "Question",
    "apply_accepted",
    "get_figures",
    "list_children",
    "list_divisions_below",
]
