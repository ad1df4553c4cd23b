"""The same small shop in every system: keys, a comment, a view, a missing customer, dates, money."""

from __future__ import annotations

SYSTEMS = ["sqlite", "duckdb", "postgresql", "mariadb"]
PASSWORD = "hunter2@/%:geheim"
PASSWORD_IN_URL = "hunter2%40%2F%25%3Ageheim"

TABLES = [
    "CREATE TABLE customers (id INTEGER PRIMARY KEY, name VARCHAR(50) NOT NULL, city VARCHAR(30))",
    "CREATE TABLE orders (id INTEGER PRIMARY KEY, customer_id INTEGER REFERENCES customers (id), "
    "total DECIMAL(10, 2), status VARCHAR(10), placed DATE)",
    "CREATE TABLE order_lines (order_id INTEGER, line INTEGER, product VARCHAR(20), amount INTEGER, "
    "PRIMARY KEY (order_id, line), FOREIGN KEY (order_id) REFERENCES orders (id))",
    "CREATE VIEW paid AS SELECT * FROM orders WHERE status = 'paid'",
]
ROWS = [
    "INSERT INTO customers VALUES (1, 'Ada', 'Berlin'), (2, 'Grace', 'Paris'), (3, 'Alan', 'Berlin')",
    "INSERT INTO orders VALUES (1, 1, 10.50, 'paid', '2024-01-02'), (2, 1, 20.00, 'open', '2024-02-03'), "
    "(3, 2, 30.25, 'paid', '2024-02-04'), (4, NULL, NULL, 'paid', NULL)",
    "INSERT INTO order_lines VALUES (1, 1, 'pen', 3), (1, 2, 'ink', 1), (2, 1, 'pen', 4), (3, 1, 'pad', 2)",
]
EVERYTHING = [*TABLES, *ROWS]
