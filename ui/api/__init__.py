"""Nianbao over HTTP: routes under ``/v1``, an endpoint that speaks as OpenAI's does, and what guards them."""
