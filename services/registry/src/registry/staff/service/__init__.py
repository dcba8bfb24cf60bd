"""Use cases of persons and posts."""

from registry.staff.repository import PersonVault, PseudonymKey
from registry.staff.service.establishment import enter_establishment, lower_establishment
from registry.staff.service.files import PersonFile, change_person, get_person, search_persons, unmask_person
from registry.staff.service.hiring import NewPost, PostChanges, change_post, end_post, hire_staff
from registry.staff.service.keys import open_vault
from registry.staff.service.posts import (
    Post,
    get_duty_matrix,
    get_post,
    list_post_versions,
    list_posts,
    list_posts_at,
    list_posts_of,
    list_posts_on,
    list_quotas,
    with_persons,
)
from registry.staff.service.reading import get_readable, list_readable, list_readable_versions
from registry.staff.service.recruitments import announce_recruitment, change_recruitment
from registry.staff.service.standards import end_standard, find_standard, issue_standard

__all__ = [
    "NewPost",
    "PersonFile",
    "PersonVault",
    "Post",
    "PostChanges",
    "PseudonymKey",
    "announce_recruitment",
    "change_person",
    "change_post",
    "change_recruitment",
    "end_post",
    "end_standard",
    "enter_establishment",
    "find_standard",
    "get_duty_matrix",
    "get_person",
    "get_post",
    "get_readable",
    "hire_staff",
    "issue_standard",
    "list_post_versions",
    "list_posts",
    "list_posts_at",
    "list_posts_of",
    "list_posts_on",
    "list_quotas",
    "list_readable",
    "list_readable_versions",
    "lower_establishment",
    "open_vault",
    "search_persons",
    "unmask_person",
    "with_persons",
]
