"""How things change: what is put into projects and judged, and the one who writes the store."""
