"""What somebody said about themselves."""

from datetime import date

from sqlmodel import JSON, Field, SQLModel


class PersonSettings(SQLModel, table=True):
    """What somebody said about their hours. Without a row, bot.hours.USUAL holds."""

    __tablename__ = "person_settings"

    team_id: str = Field(primary_key=True)
    person: str = Field(primary_key=True)
    starts: str = "09:00"  # In their own zone, as is everything here.
    ends: str = "18:00"
    days: list[int] = Field(sa_type=JSON)  # Monday is 0.
    weekly_limit: int = 5  # Interviews.
    country: str = ""  # ISO 3166, for public holidays; "" is the country of their zone.
    away_until: date | None = None  # The first day on which they are back.
    leads: bool = False  # A coordinator found them ready after shadowing.
