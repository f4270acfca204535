"""Foundations that know nothing of the domain: database, clock, errors, words, paging."""
