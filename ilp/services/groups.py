"""Groups of positions that an office keeps under a name, to invite them at once."""

from __future__ import annotations

from collections.abc import Collection

import sqlalchemy as sa

from ilp.core.clock import now
from ilp.core.db import db, insert, locked
from ilp.core.errors import RuleViolation
from ilp.models.directory import Office, OfficeGroup, OfficeGroupMember
from ilp.policy.scope import Condition
from ilp.policy.user import User
from ilp.queries import directory
from ilp.services import audit

LARGEST = 500
"""Positions in one group."""


def create_group(*, actor: User, office: Office, name: str) -> OfficeGroup:
    """An empty group of an office. A name the office has given already is refused by the table."""
    group = OfficeGroup(office_id=office.id, name=name, created_at=now())
    db.session.add(group)
    db.session.flush()
    audit.record(actor, "group:create", group, place=office, changes={"name": name})
    return group


def rename_group(*, actor: User, group: OfficeGroup, office: Office, name: str) -> None:
    """Gives a group another name; meetings already invited are not touched."""
    locked(group)
    changes = audit.changed(group, name=name)
    db.session.flush()
    audit.record(actor, "group:edit", group, place=office, changes=changes)


def add_members(
    *, actor: User, group: OfficeGroup, office: Office, position_ids: Collection[int], scope: Condition
) -> int:
    """Adds positions of offices within `scope`; says how many are new. Refuses ids that are not there."""
    locked(group)
    found = directory.positions_within(position_ids, scope)
    if not found or len(found) != len(set(position_ids)):
        raise RuleViolation("Pilih jabatan dari daftar.", "position_id")
    if directory.count_members(group.id) + len(found) > LARGEST:
        raise RuleViolation(f"Satu kelompok paling banyak {LARGEST} jabatan.", "position_id")
    rows = [{"group_id": group.id, "position_id": key} for key in found]
    added = insert(OfficeGroupMember).values(rows).on_conflict_do_nothing()
    new = db.session.scalars(added.returning(OfficeGroupMember.position_id)).all()
    audit.record(actor, "group:add", group, place=office, changes={"positions": sorted(new)})
    return len(new)


def remove_members(*, actor: User, group: OfficeGroup, office: Office, position_ids: Collection[int]) -> None:
    """Takes positions out of a group. Refuses to take out none."""
    locked(group)
    gone = db.session.scalars(
        sa.delete(OfficeGroupMember)
        .where(OfficeGroupMember.group_id == group.id, OfficeGroupMember.position_id.in_(position_ids))
        .returning(OfficeGroupMember.position_id)
    ).all()
    if not gone:
        raise RuleViolation("Centang jabatan yang dikeluarkan.", "position_id")
    audit.record(actor, "group:remove", group, place=office, changes={"positions": sorted(gone)})


def delete_group(*, actor: User, group: OfficeGroup, office: Office) -> None:
    """Forgets a group; it is a list for choosing, and nothing refers to it."""
    locked(group)
    audit.record(actor, "group:delete", group, place=office, changes={"name": group.name})
    db.session.execute(sa.delete(OfficeGroupMember).where(OfficeGroupMember.group_id == group.id))
    db.session.delete(group)
