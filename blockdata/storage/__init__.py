"""Where everything is kept: the private cluster, tables, migrations and bulk loads."""
