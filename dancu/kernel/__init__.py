"""The lowest floor: Vietnamese text, numbers, dates, periods, clock and errors.

Nothing here imports Django or touches a database.
"""
