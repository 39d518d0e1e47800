"""SQLAlchemy's ORM over psycopg 3: a transaction per session, inserts of many rows, savepoints."""

import time

from report import HOST, PARAMETER, USER, Report
from sqlalchemy import Column, Integer, Text, create_engine, delete, event, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Session

report = Report()
engine = create_engine(f"postgresql+psycopg://{USER}@{HOST}:{report.port}/{report.database}?sslmode=disable")


@event.listens_for(engine, "before_cursor_execute")
def before(connection, cursor, statement, parameters, context, executemany):
    context.started = time.perf_counter()


@event.listens_for(engine, "after_cursor_execute")
def after(connection, cursor, statement, parameters, context, executemany):
    if "pg_sleep" in statement:
        report.times.append(round(time.perf_counter() - context.started, 6))


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id = Column(Integer, primary_key=True)
    balance = Column(Integer)
    note = Column(Text)


with Session(engine) as session:
    for number in range(12):
        session.execute(select(Account.balance).where(Account.id == number)).all()
        report.did("select")
    for kind, statement, delay in report.each_timed("CAST(:delay AS float8)"):
        session.execute(text(statement), {"delay": delay})
        report.did(kind)
    session.commit()
    report.committed += 1
    session.add_all(Account(id=1000 + number, balance=0, note=PARAMETER) for number in range(30))
    session.commit()
    report.did("insert", 30)
    report.committed += 1
    account = session.get(Account, 5)
    account.balance += 1
    session.execute(update(Account).where(Account.id > 1000).values(balance=Account.balance + 1))
    session.execute(delete(Account).where(Account.id == 1010))
    report.did("select"), report.did("update", 2), report.did("delete")
    try:
        with session.begin_nested():
            session.add(Account(id=1, balance=0))
            session.flush()
    except IntegrityError as error:
        report.failed("insert", error.orig.sqlstate)
    session.rollback()
    report.rolled_back += 1
report.rolled_back += 1  # what the engine asked when it connected first
engine.dispose()
report.end()
