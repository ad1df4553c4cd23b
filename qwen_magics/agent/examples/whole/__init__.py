"""Questions whose whole query can be told over the tables at hand, kind by kind."""
