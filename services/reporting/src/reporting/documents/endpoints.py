"""HTTP of documents."""

from fastapi import APIRouter

router = APIRouter(tags=["documents"])
