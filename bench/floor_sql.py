"""The statements of the floor: the content rows of each page, read in the plainest way. FROZEN with it."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa

# A plus sign before a column keeps SQLite from an index that would serve it badly; PostgreSQL ignores it.
MOMENT: sa.types.TypeEngine[Any] = sa.DateTime(timezone=True)
DAY: sa.types.TypeEngine[Any] = sa.Date()
JSON: sa.types.TypeEngine[Any] = sa.JSON()
WAITING = "('assigned', 'in_progress', 'returned')"
OPEN = "('assigned', 'in_progress', 'returned', 'submitted')"
CAME = "('present', 'late', 'represented')"


def _text(statement: str) -> sa.TextClause:
    """A statement whose moments, days and JSON are bound as the database keeps them."""
    kinds = {"at": MOMENT, "day": DAY, "month": DAY, "changes": JSON}
    used = {name: kind for name, kind in kinds.items() if f":{name}" in statement}
    return sa.text(statement).bindparams(*(sa.bindparam(name, type_=kind) for name, kind in used.items()))


def _many(statement: str, name: str) -> sa.TextClause:
    return sa.text(statement).bindparams(sa.bindparam(name, expanding=True))


USER = _text("""
    SELECT a.id AS account_id, coalesce(p.name, a.username) AS name, g.office_id, o.name AS office_name,
           o.regency_code
    FROM login_session s JOIN account a ON a.id = s.account_id
    LEFT JOIN person p ON p.id = a.person_id
    LEFT JOIN role_grant g ON g.account_id = a.id AND g.revoked_at IS NULL
    LEFT JOIN office o ON o.id = g.office_id
    WHERE s.token_hash = :token AND s.ended_at IS NULL ORDER BY g.id LIMIT 1
""")

# --- Meja kerja -------------------------------------------------------------------------------------
OWN_ASSIGNMENTS = _text(f"""
    SELECT a.id, a.due_on, a.status, a.reason, t.title, o.name, w.name
    FROM assignment a JOIN task t ON t.id = a.task_id JOIN office o ON o.id = a.office_id
    JOIN office w ON w.id = t.owner_office_id
    WHERE a.office_id = :office AND a.status IN {WAITING} AND t.withdrawn_at IS NULL
    ORDER BY a.due_on, a.id LIMIT 40
""")
REPORTS = _text("""
    SELECT t.id, t.title, count(*), min(a.submitted_at), min(a.id), min(o.name)
    FROM task t JOIN assignment a ON a.task_id = t.id JOIN office o ON o.id = a.office_id
    WHERE t.owner_office_id = :office AND a.status = 'submitted' AND +a.parent_id IS NULL
      AND t.withdrawn_at IS NULL
    GROUP BY t.id, t.title ORDER BY min(a.submitted_at), t.id LIMIT 40
""")
DESK_MEETINGS = _text("""
    SELECT m.id, m.title, m.status, m.starts_at, m.place,
      (SELECT count(*) FROM invitation i WHERE i.meeting_id = m.id),
      (SELECT count(*) FROM invitation i
       WHERE i.meeting_id = m.id AND i.status IN ('attending', 'represented'))
    FROM meeting m
    WHERE (m.office_id = :office AND m.status IN ('in_session', 'minuting', 'in_review'))
       OR (m.regency_code = :regency AND m.starts_at >= :at
           AND m.status IN ('draft', 'invited', 'in_session'))
    ORDER BY m.starts_at, m.id LIMIT 40
""")
SIGNINGS = _text("""
    SELECT c.id, c.title, s.title, s.status
    FROM commitment c JOIN slot s ON s.commitment_id = c.id
    WHERE c.status = 'open' AND c.office_id = :office ORDER BY c.id, s.place LIMIT 300
""")
FIGURES = _text(f"""
    SELECT
      (SELECT count(*) FROM assignment a
       WHERE a.office_id = :office AND a.status IN {WAITING} AND a.due_on < :day),
      (SELECT count(*) FROM assignment a
       WHERE a.office_id = :office AND a.status IN {WAITING} AND a.due_on = :day),
      (SELECT count(*) FROM assignment a
       WHERE a.office_id = :office AND a.status IN {WAITING} AND a.due_on > :day),
      (SELECT count(*) FROM assignment a JOIN task t ON t.id = a.task_id
       WHERE t.owner_office_id = :office AND a.status IN {OPEN}),
      (SELECT count(*) FROM assignment a JOIN task t ON t.id = a.task_id
       WHERE t.owner_office_id = :office AND a.status = 'accepted' AND a.reviewed_at >= :month)
""")
LATE_DISTRICTS = _text(f"""
    SELECT w.code, w.name, count(*)
    FROM wilayah w JOIN assignment a ON a.district_code = w.code
    WHERE a.regency_code = :regency AND a.due_on < :day AND a.status IN {WAITING}
    GROUP BY w.code, w.name ORDER BY count(*) DESC, w.code LIMIT 5
""")
JUDGED = _text("""
    SELECT a.id, a.status, a.reviewed_at, t.title, o.name, a.reason
    FROM assignment a JOIN task t ON t.id = a.task_id JOIN office o ON o.id = a.office_id
    WHERE a.reviewed_at IS NOT NULL AND (a.office_id = :office
      OR a.task_id IN (SELECT id FROM task WHERE owner_office_id = :office))
    ORDER BY a.reviewed_at DESC, a.id DESC LIMIT 5
""")

# --- the register of meetings -----------------------------------------------------------------------
_REGISTER = f"""
    SELECT m.id, m.starts_at, m.ends_at, m.title, m.kind, m.status, m.place, o.name,
      (SELECT count(*) FROM invitation i WHERE i.meeting_id = m.id),
      (SELECT count(*) FROM attendance a
       WHERE a.meeting_id = m.id AND a.status IN {CAME} AND a.invitation_id IS NOT NULL)
    FROM meeting m JOIN office o ON o.id = m.office_id
    WHERE m.regency_code = :regency
"""
UPCOMING = _text(f"""{_REGISTER} AND m.starts_at >= :at AND m.status <> 'cancelled'
    ORDER BY m.starts_at, m.id LIMIT :size""")
REGISTER = _text(f"{_REGISTER} ORDER BY m.starts_at DESC, m.id DESC LIMIT :size")
REGISTER_AFTER = _text(f"""{_REGISTER} AND (m.starts_at, m.id) < (:at, :id)
    ORDER BY m.starts_at DESC, m.id DESC LIMIT :size""")

# --- one meeting ------------------------------------------------------------------------------------
MEETING = _text(f"""
    SELECT m.id, m.title, m.status, m.starts_at, m.ends_at, m.place, m.opened_by, m.chair, m.version,
      m.series_id, m.office_id, m.approved_at, o.name AS office_name, s.name AS series_name,
      p.name AS taker,
      (SELECT count(*) FROM invitation i WHERE i.meeting_id = m.id) AS invited,
      (SELECT count(*) FROM attendance a
       WHERE a.meeting_id = m.id AND a.status IN {CAME} AND a.invitation_id IS NOT NULL) AS filled,
      (SELECT count(*) FROM task t WHERE t.meeting_id = m.id) AS tasks,
      (SELECT count(*) FROM document d WHERE d.meeting_id = m.id) AS documents
    FROM meeting m JOIN office o ON o.id = m.office_id LEFT JOIN meeting_series s ON s.id = m.series_id
    LEFT JOIN account c ON c.id = m.minute_taker_id LEFT JOIN person p ON p.id = c.person_id
    WHERE m.id = :id
""")
AGENDA = _text("""
    SELECT i.id, i.title, i.presenter, i.minutes_planned, i.status, r.id, r.place, r.kind, r.text,
      r.decision_number, r.decision_year, r.author_name, r.updated_at, r.basis_id, t.id, t.due_on,
      t.addressed_to, t.evidence, g.total, g.accepted
    FROM agenda_item i
    LEFT JOIN minutes_row r ON r.meeting_id = i.meeting_id AND r.agenda_item_id = i.id
      AND r.clash_of_id IS NULL
    LEFT JOIN task t ON t.id = r.task_id
    LEFT JOIN (
      SELECT a.task_id, count(*) AS total,
        sum(CASE WHEN a.status = 'accepted' THEN 1 ELSE 0 END) AS accepted
      FROM assignment a
      WHERE a.task_id IN (SELECT x.id FROM task x WHERE x.meeting_id = :id) AND +a.parent_id IS NULL
      GROUP BY a.task_id
    ) g ON g.task_id = t.id
    WHERE i.meeting_id = :id ORDER BY i.place, i.id, r.place, r.id LIMIT 201
""")
CARRIED = _text(f"""
    SELECT t.id, t.title, t.due_on, m.starts_at, count(*),
      sum(CASE WHEN a.status IN {OPEN} THEN 1 ELSE 0 END), min(o.name)
    FROM meeting n JOIN meeting m ON m.series_id = n.series_id AND m.starts_at < n.starts_at
    JOIN task t ON t.meeting_id = m.id JOIN assignment a ON a.task_id = t.id
    JOIN office o ON o.id = a.office_id
    WHERE n.id = :id AND t.withdrawn_at IS NULL AND +a.parent_id IS NULL
    GROUP BY t.id, t.title, t.due_on, m.starts_at
    HAVING sum(CASE WHEN a.status IN {OPEN} THEN 1 ELSE 0 END) > 0
    ORDER BY t.due_on, t.id LIMIT 30
""")
TALLY = _text("""
    SELECT i.constituency, count(*), count(a.id),
      sum(CASE WHEN a.status = 'represented' THEN 1 ELSE 0 END)
    FROM invitation i LEFT JOIN attendance a ON a.invitation_id = i.id
    WHERE i.meeting_id = :id GROUP BY i.constituency
""")
SEATS = _text("""
    SELECT i.id, i.constituency, i.title, i.office_name, i.name, i.sex, i.phone, i.status,
      a.id, a.status, a.arrived_at, a.name, a.title, a.sex, a.reason
    FROM invitation i LEFT JOIN attendance a ON a.invitation_id = i.id
    WHERE i.meeting_id = :id ORDER BY i.protocol_order, i.id LIMIT 300
""")
GUESTS = _text("""
    SELECT a.id, a.name, a.office_name, a.sex, a.phone, a.arrived_at
    FROM attendance a WHERE a.meeting_id = :id AND a.invitation_id IS NULL ORDER BY a.id LIMIT 300
""")
SIGNERS = _text("""
    SELECT p.id, p.title, q.prefix, q.name, q.suffix
    FROM position p JOIN appointment a ON a.position_id = p.id AND a.ends_on IS NULL
    JOIN person q ON q.id = a.person_id
    WHERE p.office_id = :office AND p.archived_at IS NULL
    ORDER BY p.is_head DESC, p.protocol_order, p.id LIMIT 300
""")
PAPERS = _text("""
    SELECT d.id, d.kind, d.title, d.status, d.version, d.letter_date, n.text, f.pages
    FROM document d LEFT JOIN number n ON n.id = d.number_id
    LEFT JOIN document_file f ON f.document_id = d.id
    WHERE d.meeting_id = :id AND d.status <> 'superseded' ORDER BY d.id DESC
""")

# --- tasks ------------------------------------------------------------------------------------------
COLUMNS = _text("""
    SELECT t.id, t.title, t.due_on FROM task t
    WHERE t.regency_code = :regency AND t.withdrawn_at IS NULL AND EXISTS (
      SELECT 1 FROM assignment a JOIN office o ON o.id = a.office_id
      WHERE a.task_id = t.id AND +a.parent_id IS NULL AND o.kind = 'kecamatan')
    ORDER BY t.due_on DESC, t.id DESC LIMIT 12
""")
CELLS = _many(
    """
    SELECT a.id, a.task_id, a.status, a.due_on, o.wilayah_code, w.name
    FROM assignment a JOIN office o ON o.id = a.office_id JOIN wilayah w ON w.code = o.wilayah_code
    WHERE a.task_id IN :tasks AND +a.parent_id IS NULL AND o.kind = 'kecamatan'
    ORDER BY o.wilayah_code, a.id
    """,
    "tasks",
)
VILLAGE_COLUMNS = _text("""
    SELECT t.id, t.title, t.due_on FROM task t
    WHERE t.regency_code = :regency AND t.withdrawn_at IS NULL AND EXISTS (
      SELECT 1 FROM assignment a WHERE a.task_id = t.id AND a.parent_id IS NOT NULL)
    ORDER BY t.due_on DESC, t.id DESC LIMIT 12
""")
VILLAGE_CELLS = _many(
    """
    SELECT a.id, a.task_id, a.status, a.due_on, o.wilayah_code, w.name
    FROM assignment a JOIN office o ON o.id = a.office_id JOIN wilayah w ON w.code = o.wilayah_code
    WHERE a.task_id IN :tasks AND o.kind IN ('kecamatan', 'desa', 'kelurahan')
    ORDER BY o.wilayah_code, a.id
    """,
    "tasks",
)
_BELOW = """
    SELECT a.parent_id, count(*), sum(CASE WHEN a.status = 'accepted' THEN 1 ELSE 0 END)
    FROM assignment a
"""
BELOW_TASKS = _many(
    f"{_BELOW} WHERE a.task_id IN :tasks AND a.parent_id IS NOT NULL GROUP BY a.parent_id", "tasks"
)
BELOW_TASK = _text(f"{_BELOW} WHERE a.task_id = :id AND a.parent_id IS NOT NULL GROUP BY a.parent_id")
BELOW = _many(f"{_BELOW} WHERE a.parent_id IN :rows GROUP BY a.parent_id", "rows")
VILLAGES = _text("""
    SELECT o.district_code, count(*) FROM office o
    WHERE o.regency_code = :regency AND o.kind IN ('desa', 'kelurahan') AND o.archived_at IS NULL
    GROUP BY o.district_code
""")
TASK = _text("""
    SELECT t.id, t.title, t.detail, t.origin, t.due_on, t.addressed_to, t.evidence, o.name AS owner,
      m.title AS meeting, m.starts_at
    FROM task t JOIN office o ON o.id = t.owner_office_id LEFT JOIN meeting m ON m.id = t.meeting_id
    WHERE t.id = :id
""")
TASK_ROWS = _text("""
    SELECT a.id, a.status, a.due_on, a.reason, a.submitted_at, o.name, o.kind, o.wilayah_code
    FROM assignment a JOIN office o ON o.id = a.office_id
    WHERE a.task_id = :id AND +a.parent_id IS NULL ORDER BY a.id LIMIT 121
""")
TASK_COUNTS = _text("""
    SELECT a.parent_id IS NOT NULL, a.status, count(*) FROM assignment a
    WHERE a.task_id = :id GROUP BY a.parent_id IS NOT NULL, a.status
""")
INBOX = _text("""
    SELECT a.id, a.due_on, a.status, a.task_id, a.submitted_at, t.title, t.origin, o.name, w.name
    FROM assignment a JOIN task t ON t.id = a.task_id JOIN office o ON o.id = a.office_id
    JOIN office w ON w.id = t.owner_office_id
    WHERE a.office_id = :office AND t.withdrawn_at IS NULL ORDER BY a.due_on, a.id LIMIT 51
""")
INBOX_COUNTS = _text(f"""
    SELECT
      (SELECT count(*) FROM (SELECT 1 FROM assignment a
       WHERE a.office_id = :office AND a.status IN {WAITING} LIMIT 200) x),
      (SELECT count(*) FROM (SELECT 1 FROM assignment a JOIN assignment p ON p.id = a.parent_id
       WHERE p.office_id = :office AND a.status = 'submitted' LIMIT 200) y),
      (SELECT count(*) FROM (SELECT 1 FROM assignment a
       WHERE a.office_id = :office AND a.status IN {WAITING} AND a.due_on < :day LIMIT 200) z)
""")

# --- a paper ----------------------------------------------------------------------------------------
DOCUMENT = _text("""
    SELECT d.code, d.kind, d.title, d.status, d.version, d.letter_date, d.issued_at, d.facts,
      n.text AS number, o.name AS office_name, l.tiers, f.pages, f.sha256
    FROM document d JOIN office o ON o.id = d.office_id LEFT JOIN letterhead l ON l.office_id = o.id
    LEFT JOIN number n ON n.id = d.number_id LEFT JOIN document_file f ON f.document_id = d.id
    WHERE d.code = :code
""")

# --- writing ----------------------------------------------------------------------------------------
TOUCH = _text("UPDATE meeting SET version = version + 1 WHERE id = :id")
LOCK_MEETING = _text("UPDATE meeting SET version = version WHERE id = :id")
WRITE_ROW = _text("""
    INSERT INTO minutes_row (meeting_id, agenda_item_id, place, kind, text, version, created_at, updated_at,
      author_id, author_name)
    SELECT :meeting, :item, coalesce(max(place), 0) + 1, :kind, :text, 1, :at, :at, :author, :name
    FROM minutes_row WHERE meeting_id = :meeting AND agenda_item_id = :item
    RETURNING id, place, kind, text, version, author_name, updated_at
""")
KEEP_REVISION = _text("""
    INSERT INTO minutes_revision (row_id, version, kind, text, author_name, saved_at)
    SELECT id, version, kind, text, author_name, updated_at FROM minutes_row WHERE id = :id
""")
EDIT_ROW = _text("""
    UPDATE minutes_row SET kind = :kind, text = :text, updated_at = :at, author_id = :author,
      author_name = :name, version = version + 1
    WHERE id = :id RETURNING id, place, kind, text, version, author_name, updated_at
""")
CHECK_IN = _text("""
    INSERT INTO attendance (meeting_id, invitation_id, status, source, arrived_at, name, title, office_name,
      constituency, sex, phone, reason, recorded_at, recorded_by_id)
    SELECT meeting_id, id, :status, 'desk', :at, name, title, office_name, constituency, sex, phone, '',
      :at, :account
    FROM invitation WHERE id = :seat
""")
TRAIL = _text("""
    INSERT INTO audit_entry (chain, seq, at, action, account_id, actor_name, subject, subject_id, changes,
      personal_sha256, address, previous_hash, hash, province_code, regency_code, district_code)
    SELECT 'floor', coalesce(max(seq), 0) + 1, :at, 'floor', :account, :name, 'meeting', :meeting, :changes,
      '', '', '', '', '', :regency, ''
    FROM audit_entry WHERE chain = 'floor'
""")
