"""The service: SPARQL over HTTP, governed. A module here that has a `router` is a resource; the
packages are what resources stand on: who may do what (`access`), how queries are answered
(`readers`, `lending`), how things change (`changing`), and what goes over the wire (`wire`).

Nothing is made at import: `kg.service.app.create_app(settings)` makes an application, and whoever
calls it runs it.
"""
