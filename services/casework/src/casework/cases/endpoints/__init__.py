"""Cases over HTTP. No personal data stands in an address; answers are masked."""

from casework.cases.endpoints import answering, ending, holding, reading, stepping
from casework.cases.endpoints.once import router

__all__ = ["answering", "ending", "holding", "reading", "router", "stepping"]
