-- Below which IRI all names were made; one row.
CREATE TABLE base (iri TEXT PRIMARY KEY) STRICT;

-- What of the current revision of a project is held against other projects, as JSON.
CREATE TABLE shared (
    project TEXT PRIMARY KEY REFERENCES project ON DELETE CASCADE,
    facts BLOB NOT NULL
) STRICT;

-- What was found in a project held against others: the findings as JSON, and as N-Quads.
CREATE TABLE across (
    project TEXT PRIMARY KEY REFERENCES project ON DELETE CASCADE,
    made TEXT NOT NULL,
    report BLOB NOT NULL,
    graphs BLOB NOT NULL
) STRICT;
