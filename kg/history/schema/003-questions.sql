-- Questions that people saved, each with all that it ever was. Who removes one only puts it away.

CREATE TABLE question (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    -- Whether only its owner sees it.
    private INTEGER NOT NULL,
    -- The number of its current revision.
    revision INTEGER NOT NULL,
    removed TEXT
) STRICT;

CREATE INDEX question_by_owner ON question (owner);

CREATE TABLE question_revision (
    question TEXT NOT NULL REFERENCES question ON DELETE CASCADE,
    number INTEGER NOT NULL,
    made TEXT NOT NULL,
    author TEXT NOT NULL,
    summary TEXT NOT NULL,
    text TEXT NOT NULL,
    -- Whether its owner alone saw it, as long as it was the current one.
    private INTEGER NOT NULL,
    PRIMARY KEY (question, number)
) STRICT, WITHOUT ROWID;
