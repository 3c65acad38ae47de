"""Dates and slugs → days and topics as other pages name them."""

import datetime as dt

from ..archive import Topics
from ..model import day_number
from ..settings import Settings
from ..topics import undeclared_topic
from .addresses import day_path, topic_path
from .views import DayName, TopicName


def day_name(date: dt.date, settings: Settings) -> DayName:
    """Name a day by its date and number."""
    return DayName(date=date, path=day_path(date), number=day_number(date, settings.first_day))


def topic_name(slug: str, topics: Topics) -> TopicName:
    """Name a topic as its file does or, without one, by its slug."""
    topic = topics.declared.get(slug) or undeclared_topic(slug)
    return TopicName(slug=slug, name=topic.name, kind=topic.kind, path=topic_path(slug))
