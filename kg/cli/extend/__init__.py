"""Make a folder of knowledge of your own, and see what it changes."""
