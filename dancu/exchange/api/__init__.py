"""The HTTP face of the exchange: operations, their OpenAPI document, and what answers them.

Every part of the exchange declares its operations (``OPERATIONS`` in a module that
``registry.MODULES`` names); routes, the document and the checks of requests follow from that.
"""
