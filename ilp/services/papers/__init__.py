"""What each paper says, from rows to the plain dictionaries of `core/papers/`.

One module a paper, named like its template in `templates/pdf`; what they share stands in `parts`. The verbs
that issue them stand with their subject: `invitations`, `attendance`, `minutes`, `signing`.
"""
