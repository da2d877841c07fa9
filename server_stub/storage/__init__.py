"""The database: tables, migrations and the statements on them. The only package that knows SQLAlchemy; knows no use case."""
