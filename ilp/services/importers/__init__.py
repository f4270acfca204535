"""What can be imported: a module an area, which declares its columns and how a row meets what is there."""

from __future__ import annotations

from ilp.models.imports import ImportKind
from ilp.services.importers.accounts import Accounts
from ilp.services.importers.base import Importer
from ilp.services.importers.facilities import Facilities
from ilp.services.importers.officials import Officials

IMPORTERS: dict[ImportKind, type[Importer]] = {
    ImportKind.OFFICIALS: Officials,
    ImportKind.ACCOUNTS: Accounts,
    ImportKind.FACILITIES: Facilities,
}
