"""kill -9 of server, job process and database while people write; then everything is counted."""
