"""Use cases of ratings, of their rectification and of their figures."""

from casework.ratings.service.figures import (
    Asked,
    Figures,
    OfficeSigns,
    count_ratings,
    list_signs,
    show_public_figures,
)
from casework.ratings.service.rating import Given, Rated, rate_matter, supplement_rating
from casework.ratings.service.reading import (
    Outcome,
    Seen,
    disclose_text,
    exclude_rating,
    get_rating,
    list_outcomes,
    list_ratings,
    mask_text,
)
from casework.ratings.service.rectifying import (
    accept_rectification,
    call_back,
    close_rectification,
    get_rectification,
    list_rectifications,
    record_measures,
    release_rectification,
    verify_rectification,
)
from casework.ratings.service.tokens import Proof, give_token, issue_rating_token

__all__ = [
    "Asked",
    "Figures",
    "Given",
    "OfficeSigns",
    "Outcome",
    "Proof",
    "Rated",
    "Seen",
    "accept_rectification",
    "call_back",
    "close_rectification",
    "count_ratings",
    "disclose_text",
    "exclude_rating",
    "get_rating",
    "get_rectification",
    "give_token",
    "issue_rating_token",
    "list_outcomes",
    "list_ratings",
    "list_rectifications",
    "list_signs",
    "mask_text",
    "rate_matter",
    "record_measures",
    "release_rectification",
    "show_public_figures",
    "supplement_rating",
    "verify_rectification",
]
