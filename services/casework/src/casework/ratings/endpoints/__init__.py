"""Over HTTP: rating needs no token, reading single ratings does; figures are public. Source: O4.3e, O4.3f."""

from casework.ratings.endpoints.ratings import router
from casework.ratings.endpoints.rectifications import rectifications

router.include_router(rectifications)

__all__ = ["router"]
