-- Projects, their revisions, and what was found in them. Times are ISO 8601, in UTC.

CREATE TABLE project (
    id TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    private INTEGER NOT NULL,
    created TEXT NOT NULL,
    creator TEXT NOT NULL,
    -- The number of its current revision; 0 where nothing was put yet.
    revision INTEGER NOT NULL DEFAULT 0
) STRICT;

-- What files hold, known by its SHA-256 and kept once.
CREATE TABLE content (
    digest TEXT PRIMARY KEY,
    size INTEGER NOT NULL,
    packed BLOB NOT NULL
) STRICT;

CREATE TABLE revision (
    project TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    number INTEGER NOT NULL,
    made TEXT NOT NULL,
    author TEXT NOT NULL,
    -- Why, in the author's words, and from what: a file, an archive, a commit.
    message TEXT NOT NULL,
    origin TEXT NOT NULL,
    statements INTEGER NOT NULL,
    sources INTEGER NOT NULL,
    mismatches INTEGER NOT NULL,
    clear INTEGER NOT NULL,
    undecided INTEGER NOT NULL,
    -- The named graphs as N-Quads, and the report as JSON.
    graphs BLOB NOT NULL,
    report BLOB NOT NULL,
    PRIMARY KEY (project, number)
) STRICT, WITHOUT ROWID;

-- The files of a project, each from the revision that brought it to the one that replaced it.
CREATE TABLE file (
    project TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    path TEXT NOT NULL,
    since INTEGER NOT NULL,
    until INTEGER,
    digest TEXT NOT NULL REFERENCES content,
    PRIMARY KEY (project, path, since)
) STRICT, WITHOUT ROWID;

CREATE INDEX file_by_digest ON file (digest);

-- What the current revision of each project shows, clear verdicts too; `place` is its order there.
CREATE TABLE finding (
    project TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    place INTEGER NOT NULL,
    predicate TEXT NOT NULL,
    verdict TEXT NOT NULL,
    severity TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- Lists in JSON: codes of mismatches, and the roles that are asked.
    mismatches TEXT NOT NULL,
    roles TEXT NOT NULL,
    record TEXT NOT NULL,
    PRIMARY KEY (project, fingerprint)
) STRICT, WITHOUT ROWID;

CREATE INDEX finding_by_verdict ON finding (verdict, severity);
CREATE INDEX finding_by_predicate ON finding (predicate, verdict);

-- Whoever waives a finding says why, and until when; NULL is until it is taken back.
CREATE TABLE waiver (
    number INTEGER PRIMARY KEY,
    project TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    reason TEXT NOT NULL,
    author TEXT NOT NULL,
    made TEXT NOT NULL,
    expires TEXT,
    ended TEXT,
    ended_by TEXT
) STRICT;

CREATE INDEX waiver_by_finding ON waiver (project, fingerprint);

CREATE TABLE comment (
    number INTEGER PRIMARY KEY,
    project TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    author TEXT NOT NULL,
    made TEXT NOT NULL,
    text TEXT NOT NULL
) STRICT;

CREATE INDEX comment_by_finding ON comment (project, fingerprint);
