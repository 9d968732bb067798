from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import DateTime
from sqlalchemy.dialects import postgresql, sqlite

from bot.clock import SHANGHAI
from bot.store.columns import Moment

NAIVE = datetime(2026, 11, 23)  # noqa: DTZ001
zones = st.sampled_from([UTC, SHANGHAI, timezone(timedelta(hours=-5))])
moments = st.datetimes(NAIVE.replace(year=1990), NAIVE.replace(year=2100), timezones=zones)
written = Moment().bind_processor(sqlite.dialect())
usual = DateTime().dialect_impl(sqlite.dialect()).bind_processor(sqlite.dialect())


@given(moments)
def test_a_time_is_written_as_sqlalchemy_writes_it_in_utc(moment: datetime) -> None:
    assert written is not None
    assert usual is not None
    assert written(moment) == usual(moment.astimezone(UTC).replace(tzinfo=None))


@pytest.mark.parametrize("dialect", [sqlite.dialect(), postgresql.dialect()])
def test_a_time_without_a_zone_is_refused(dialect: object) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        Moment().process_bind_param(NAIVE, dialect)  # type: ignore[arg-type]
    assert written is not None
    assert written(None) is None
    with pytest.raises(ValueError, match="without a zone"):
        written(NAIVE)
