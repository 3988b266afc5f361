"""Two rows of the register are one organisation: merge them, and give everything back if that was wrong."""

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from lianqiao.accounts.actions import end_sessions_of_appointee
from lianqiao.accounts.models import Person
from lianqiao.core.actor import Actor
from lianqiao.core.audit import record
from lianqiao.core.permissions import require
from lianqiao.core.refusals import Refused
from lianqiao.core.writing import all_locked, locked
from lianqiao.registry.actions.organisations import refuse_shared
from lianqiao.registry.models import Merge, Organisation, OrganisationName, Position

State = Organisation.State


class CannotMerge(Refused):
    code = "cannot_merge"
    sentence = _("这两条记录是同一条，或其中一条已并入其他单位，不能合并。")


class OtherKind(CannotMerge):
    code = "other_kind"
    sentence = _("“%(gone)s”是%(gone_kind)s，“%(kept)s”是%(kept_kind)s，性质不同的单位不能合并。")


class CannotUndo(Refused):
    code = "cannot_undo"
    sentence = _("这次合并已经撤销过了。")


def merge_organisations(gone: Organisation, kept: Organisation, *, by: Actor, now: datetime) -> Merge:
    """Move everything of `gone` to `kept`; `undo_merge` brings it back.

    Raises CannotMerge when both are the same, either is merged already, or they are of different kinds;
    SharedOrganisation when another office has one of them on a chain of its own.
    """
    with transaction.atomic():
        gone, kept = all_locked([gone, kept])
        for row in (gone, kept):
            require(by, "registry.merge_organisations", row)
        if gone.pk == kept.pk or State.MERGED in (gone.state, kept.state):
            raise CannotMerge
        if gone.kind != kept.kind:
            kinds = {"gone_kind": gone.get_kind_display(), "kept_kind": kept.get_kind_display()}
            raise OtherKind(gone=gone, kept=kept, **kinds)
        for row in (gone, kept):
            refuse_shared(row, by=by)
        merge = Merge.objects.create(gone=gone, kept=kept, merged_at=now, moved=move_rows(gone, kept))
        merge.moved |= {"names": give_names(gone, kept), "state": gone.state}
        gone.state, gone.merged_into = State.MERGED, kept
        gone.version += 1
        gone.save()
        if gone.credit_code and not kept.credit_code:
            kept.credit_code = gone.credit_code
            merge.moved |= {"credit_code": True}
        kept.full_clean()
        kept.version += 1
        kept.save()
        merge.save()
        record(by, "registry.merge_organisations", kept, after={"gone": gone.pk, "moved": merge.moved})
        end_sessions_of_moved(merge, by=by)
    return merge


def undo_merge(merge: Merge, *, by: Actor) -> Merge:
    """Give back exactly what the merge moved; what came to `kept` later stays there."""
    with transaction.atomic():
        merge = locked(merge)
        gone, kept = all_locked([merge.gone, merge.kept])
        require(by, "registry.undo_merge", merge)
        if merge.state != Merge.State.DONE:
            raise CannotUndo
        for kind, name in merge.moved["names"]:
            kept.names.filter(kind=kind, name=name).delete()
        if merge.moved.get("credit_code") and kept.credit_code == gone.credit_code:
            kept.credit_code = None
        kept.version += 1
        kept.save()
        gone.state, gone.merged_into = merge.moved["state"], None
        gone.version += 1
        gone.full_clean()
        gone.save()
        for relation in relations():
            model, field = relation
            ids = merge.moved["rows"].get(model._meta.label_lower + "." + field, [])
            model._base_manager.filter(pk__in=ids, **{field: kept}).update(**{field: gone})
        # What was given back must not be lost to whoever gave it: each row is now reached by itself or not at all.
        require(by, "registry.undo_merge", merge)
        merge.state = Merge.State.UNDONE
        merge.save()
        record(by, "registry.undo_merge", kept, after={"gone": gone.pk})
        end_sessions_of_moved(merge, by=by)
    return merge


def give_names(gone: Organisation, kept: Organisation) -> list[list[str]]:
    """The main name of `gone` becomes a former one of `kept`; its other names stay what they were."""
    names = [(str(OrganisationName.Kind.FORMER), gone.name), *gone.names.values_list("kind", "name")]
    known = {kept.name, *kept.names.values_list("name", flat=True)}
    added = []
    for kind, name in names:
        if name not in known:
            known.add(name)
            OrganisationName.objects.create(organisation=kept, kind=kind, name=name)
            added.append([kind, name])
    return added


def end_sessions_of_moved(merge: Merge, *, by: Actor) -> None:
    """Whoever stands in another organisation now reaches other rows, and logs in anew for that."""
    moved = merge.moved["rows"].get(Position._meta.label_lower + ".organisation", [])
    for person in Person.objects.filter(positions__in=moved).distinct():
        end_sessions_of_appointee(person, by=by)


def move_rows(gone: Organisation, kept: Organisation) -> dict[str, Any]:
    rows: dict[str, list[int]] = {}
    for model, field in relations():
        mine = model._base_manager.filter(**{field: gone})
        ids = [row.pk for row in mine if not collides(row, field, kept)]
        if ids:
            rows[model._meta.label_lower + "." + field] = ids
            model._base_manager.filter(pk__in=ids).update(**{field: kept})
    return {"rows": rows}


def relations() -> list[tuple[type[models.Model], str]]:
    """Every foreign key to an organisation, of whatever app, but for names and merges."""
    left_alone = (OrganisationName, Merge, Organisation)
    return [
        (relation.related_model, relation.field.name)
        for relation in Organisation._meta.related_objects
        if not issubclass(relation.related_model, left_alone)
    ]


def collides(row: models.Model, field: str, kept: Organisation) -> bool:
    """The kept organisation already has such a row (a live membership, a branch record): it wins."""
    setattr(row, field, kept)
    try:
        row.validate_constraints()
    except ValidationError:
        return True
    return False
