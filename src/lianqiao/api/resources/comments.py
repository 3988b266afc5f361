from datetime import datetime
from typing import Any

from django.utils import timezone
from ninja import Query, Router, Schema, Status
from pydantic import Field

from lianqiao.api.fields import Id, Lines
from lianqiao.api.filling import filled, written
from lianqiao.api.lookup import found
from lianqiao.api.operation import operation
from lianqiao.api.paging import Paging, page_of, paged
from lianqiao.api.schemas import Given
from lianqiao.core.actor import CONTENT
from lianqiao.core.request import Request
from lianqiao.lists.actions.around import comment, edit_comment, remove_comment, restore_comment
from lianqiao.lists.forms.around import CommentForm
from lianqiao.lists.models import Comment
from lianqiao.lists.pages.writing import AUTHORS
from lianqiao.lists.queries import comments_ever_for, comments_for, entries_for

router = Router(tags=["entries"])


class CommentOut(Schema):
    id: int
    person: str
    position: str
    text: str
    at: datetime
    edited_at: datetime | None

    @staticmethod
    def resolve_person(row: Comment) -> str:
        return row.person.name

    @staticmethod
    def resolve_position(row: Comment) -> str:
        return row.position_label


class CommentNew(Given):
    text: Lines = Field(min_length=1, max_length=1000)


@operation(router, "get", "/entries/{pk}/comments", allow=CONTENT, answer=page_of(CommentOut))
def comment_list(request: Request, pk: Id, asked: Query[Paging]) -> dict[str, Any]:
    """Between the asker and the office, the oldest first; nobody else reads them."""
    row = found(entries_for(request.actor), pk=pk)
    return paged(comments_for(request.actor).filter(entry=row), asked, request)


@operation(
    router,
    "post",
    "/entries/{pk}/comments",
    allow=AUTHORS,
    permission="lists.comment",
    answer=CommentOut,
    status=201,
)
def entry_comment(request: Request, pk: Id, given: CommentNew) -> Status:
    row = found(entries_for(request.actor), pk=pk)
    form = filled(CommentForm, given.model_dump())
    return Status(201, written(form, comment, row, by=request.actor, now=timezone.now(), **form.facts()))


@operation(
    router,
    "patch",
    "/comments/{pk}",
    allow=AUTHORS,
    permission="lists.edit_comment",
    answer=CommentOut,
)
def comment_edit(request: Request, pk: Id, given: CommentNew) -> Comment:
    """Its writer says it otherwise."""
    row = found(comments_for(request.actor), pk=pk)
    form = filled(CommentForm, given.model_dump())
    return written(form, edit_comment, row, by=request.actor, now=timezone.now(), **form.facts())


@operation(
    router,
    "post",
    "/comments/{pk}/remove",
    allow=AUTHORS,
    permission="lists.remove_comment",
    answer=CommentOut,
)
def comment_remove(request: Request, pk: Id) -> Comment:
    """Its writer or the office takes it away; as it was."""
    row = found(comments_for(request.actor), pk=pk)
    remove_comment(row, by=request.actor)
    return row


@operation(
    router,
    "post",
    "/comments/{pk}/restore",
    allow=AUTHORS,
    permission="lists.restore_comment",
    answer=CommentOut,
)
def comment_restore(request: Request, pk: Id) -> Comment:
    """Whoever took it away, or the office, brings it back."""
    restore_comment(found(comments_ever_for(request.actor), pk=pk), by=request.actor)
    return found(comments_for(request.actor), pk=pk)
