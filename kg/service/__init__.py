"""The service: SPARQL over HTTP, governed. A module here that has a `router` is a resource.

Nothing is made at import: `kg.service.app.create_app(settings)` makes an application, and whoever
calls it runs it.
"""
