-- What projects tell of their revisions: to webhooks, and in feeds.

CREATE TABLE webhook (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    project TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    url TEXT NOT NULL,
    -- Name and port of where that is.
    host TEXT NOT NULL,
    -- The kinds of events that it is told, a list in JSON.
    kinds TEXT NOT NULL,
    -- As it is, since what is sent is signed with it; nobody is shown it again.
    secret TEXT NOT NULL,
    author TEXT NOT NULL,
    made TEXT NOT NULL
) STRICT;

CREATE INDEX webhook_by_project ON webhook (project);

CREATE TABLE event (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    project TEXT NOT NULL REFERENCES project ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    kind TEXT NOT NULL,
    made TEXT NOT NULL,
    -- How many findings it is about, and the first of them: a list in JSON, packed.
    total INTEGER NOT NULL,
    findings BLOB NOT NULL
) STRICT;

CREATE INDEX event_by_kind ON event (kind, number, project);
CREATE INDEX event_by_project ON event (project, kind, number);

-- What is to be sent, and what became of it: waiting, delivered, or given up.
CREATE TABLE delivery (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    webhook INTEGER NOT NULL REFERENCES webhook ON DELETE CASCADE,
    event INTEGER NOT NULL REFERENCES event ON DELETE CASCADE,
    -- By this whoever gets it twice knows that it is the same.
    id TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting',
    attempts INTEGER NOT NULL DEFAULT 0,
    -- When it is tried next, and when it was tried last; what was answered, or why nothing was.
    due TEXT NOT NULL,
    tried TEXT,
    status INTEGER,
    fault TEXT
) STRICT;

CREATE INDEX delivery_due ON delivery (due) WHERE state = 'waiting';
CREATE INDEX delivery_by_webhook ON delivery (webhook, state, number);
CREATE INDEX delivery_by_event ON delivery (event);
