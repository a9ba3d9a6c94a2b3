"""Tells the study's figures beside those that the paper prints."""
