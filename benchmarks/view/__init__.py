"""A Django view that does nothing, behind the middleware of a new Django project."""
