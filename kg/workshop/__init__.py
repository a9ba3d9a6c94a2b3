"""Where researchers extend the knowledge: folders that start with something that works, and what is
to be mended in them.
"""
