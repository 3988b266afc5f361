from django.urls import path

from lianqiao.lists.pages import around, bulk, entries, moves, near, review, writing

urlpatterns = [
    path("entries", entries.entry_list, name="entry_list"),
    path("entries/add", writing.entry_add, name="entry_add"),
    path("entries/keep", writing.entry_keep, name="entry_keep"),
    path("entries/coach", writing.entry_coach, name="entry_coach"),
    path("entries/review", review.review_queue, name="review_queue"),
    path("entries/bulk", bulk.entries_bulk, name="entries_bulk"),
    path("entries/filters/save", around.filter_save, name="filter_save"),
    path("entries/filters/<int:pk>/drop", around.filter_drop, name="filter_drop"),
    path("entries/<int:pk>", entries.entry_detail, name="entry_detail"),
    path("entries/<int:pk>/near", near.entry_near, name="entry_near"),
    path("entries/<int:pk>/edit", writing.entry_edit, name="entry_edit"),
    path("entries/<int:pk>/return", moves.entry_return, name="entry_return"),
    path("entries/<int:pk>/extend", moves.entry_extend, name="entry_extend"),
    path("entries/<int:pk>/merge", moves.entry_merge, name="entry_merge"),
    path("entries/<int:pk>/discard", moves.entry_discard, name="entry_discard"),
    path("entries/<int:pk>/comment", around.entry_comment, name="entry_comment"),
    path("entries/<int:pk>/attach", around.attachment_add, name="attachment_add"),
    path("entries/<int:pk>/move/<str:move>", moves.entry_move, name="entry_move"),
    path("entries/<int:pk>/restore/<int:event>", moves.entry_restore, name="entry_restore"),
    path("entry-merges/<int:pk>/undo", moves.entry_merge_undo, name="entry_merge_undo"),
    path("comments/<int:pk>/edit", around.comment_edit, name="comment_edit"),
    path("comments/<int:pk>/remove", around.comment_remove, name="comment_remove"),
    path("comments/<int:pk>/restore", around.comment_restore, name="comment_restore"),
    path("attachments/<int:pk>", around.attachment_open, name="attachment_open"),
    path("attachments/<int:pk>/remove", around.attachment_remove, name="attachment_remove"),
    path("attachments/<int:pk>/restore", around.attachment_restore, name="attachment_restore"),
]
