"""What goes over the wire: connections, gates, requests as they are read, responses as they are
written, and what is logged of them.
"""
