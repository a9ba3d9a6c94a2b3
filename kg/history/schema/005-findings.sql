-- How findings are listed, and when each became what it is.

-- What they are sorted by after their rank, in the place of their position in a report.
ALTER TABLE finding ADD COLUMN names TEXT NOT NULL DEFAULT '';
ALTER TABLE finding DROP COLUMN place;

DROP INDEX finding_by_verdict;
DROP INDEX finding_by_predicate;
-- Records are long: what lists look at stands in the indices, so that only those shown are read.
CREATE INDEX finding_by_project ON finding (
    project, verdict, severity, predicate, kind, mismatches, roles, names
);
CREATE INDEX finding_by_predicate ON finding (
    predicate, project, verdict, severity, kind, mismatches, roles, names
);

-- The rest of the report that the findings are from.
CREATE TABLE reported (
    project TEXT PRIMARY KEY REFERENCES project ON DELETE CASCADE,
    record TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- A finding took another verdict or severity in a revision; both are NULL where it was gone.
CREATE TABLE turn (
    project TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    fingerprint TEXT NOT NULL,
    revision INTEGER NOT NULL,
    made TEXT NOT NULL,
    verdict TEXT,
    severity TEXT,
    PRIMARY KEY (project, fingerprint, revision)
) STRICT, WITHOUT ROWID;

CREATE INDEX turn_for_the_worse ON turn (made, project, fingerprint) WHERE verdict = 'mismatch';
