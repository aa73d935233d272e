"""`./run`: sets up a bare machine and keeps PostgreSQL, Valkey and the service's processes. Standard library only."""
