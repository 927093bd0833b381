"""A module a lesson; explorer/learn/course.py lists them."""
