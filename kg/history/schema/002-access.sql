-- Who may do what: the tokens that people show, and their roles in projects.

CREATE TABLE token (
    -- The part of a token that is no secret.
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    owner TEXT NOT NULL,
    scope INTEGER NOT NULL,
    -- The only project where it counts for more than what everybody may; NULL is all.
    project TEXT,
    made TEXT NOT NULL,
    expires TEXT NOT NULL,
    revoked TEXT,
    used TEXT,
    salt BLOB NOT NULL,
    -- The other part, hashed with scrypt.
    hash BLOB NOT NULL
) STRICT;

CREATE INDEX token_by_owner ON token (owner);

CREATE TABLE role (
    project TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    person TEXT NOT NULL,
    role INTEGER NOT NULL,
    granted TEXT NOT NULL,
    granter TEXT NOT NULL,
    PRIMARY KEY (project, person)
) STRICT, WITHOUT ROWID;

CREATE INDEX role_by_person ON role (person);

-- Whoever makes a project maintains it; 3 is the maintainer. Written here, it cannot be forgotten.
CREATE TRIGGER maintained AFTER INSERT ON project BEGIN
    INSERT INTO role VALUES (NEW.id, NEW.creator, 3, NEW.created, NEW.creator);
END;

INSERT INTO role SELECT id, creator, 3, created, creator FROM project;
