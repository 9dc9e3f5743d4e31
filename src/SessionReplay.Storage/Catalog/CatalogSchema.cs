namespace SessionReplay.Storage.Catalog;

/// <summary>The steps of the catalog's schema; a step that was released is never changed.</summary>
internal static class CatalogSchema
{
    public static readonly string[] Steps =
    [
        """
        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY, tenant TEXT NOT NULL, session BLOB NOT NULL,
            session_started INTEGER NOT NULL, started_at INTEGER NOT NULL, last_activity_at INTEGER NOT NULL, last_received_at INTEGER NOT NULL,
            ended_at INTEGER, deleting_at INTEGER, recording_key TEXT, claimed_until INTEGER NOT NULL DEFAULT 0, claims INTEGER NOT NULL DEFAULT 0,
            windows INTEGER NOT NULL DEFAULT 0, chunks INTEGER NOT NULL DEFAULT 0, events INTEGER NOT NULL DEFAULT 0, bytes INTEGER NOT NULL DEFAULT 0,
            pages INTEGER NOT NULL DEFAULT 0, errors INTEGER NOT NULL DEFAULT 0, clicks INTEGER NOT NULL DEFAULT 0, rage_clicks INTEGER NOT NULL DEFAULT 0,
            requests INTEGER NOT NULL DEFAULT 0, failed_requests INTEGER NOT NULL DEFAULT 0, lost_events INTEGER NOT NULL DEFAULT 0,
            user_time INTEGER, user_sealed BLOB, ip_sealed BLOB, browser TEXT, os TEXT, device TEXT, entry_url_sealed BLOB,
            viewport_width INTEGER NOT NULL DEFAULT 0, viewport_height INTEGER NOT NULL DEFAULT 0,
            held_bytes INTEGER NOT NULL DEFAULT 0, held_since INTEGER,
            UNIQUE (tenant, session));
        CREATE INDEX sessions_by_start ON sessions (tenant, started_at DESC, session DESC);
        CREATE INDEX sessions_with_error ON sessions (tenant, started_at DESC, session DESC) WHERE errors > 0;
        CREATE INDEX sessions_live ON sessions (last_received_at) WHERE ended_at IS NULL;
        CREATE INDEX sessions_to_compact ON sessions (ended_at) WHERE ended_at IS NOT NULL AND recording_key IS NULL AND deleting_at IS NULL;
        CREATE INDEX sessions_held ON sessions (held_since) WHERE held_since IS NOT NULL AND deleting_at IS NULL;
        CREATE INDEX sessions_large ON sessions (held_bytes) WHERE held_since IS NOT NULL AND deleting_at IS NULL;
        CREATE INDEX sessions_by_age ON sessions (tenant, last_received_at) WHERE deleting_at IS NULL;
        CREATE INDEX sessions_deleting ON sessions (tenant, session) WHERE deleting_at IS NOT NULL;

        CREATE TABLE windows (
            session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE, window BLOB NOT NULL, clock_offset INTEGER NOT NULL,
            end_seq INTEGER NOT NULL, end_sealed BLOB NOT NULL,
            PRIMARY KEY (session_id, window)) WITHOUT ROWID;
        CREATE TABLE chunks (
            id INTEGER PRIMARY KEY,
            session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE, window BLOB NOT NULL, seq INTEGER NOT NULL,
            blob_key TEXT, offset INTEGER NOT NULL, length INTEGER NOT NULL, held_at INTEGER, flags INTEGER NOT NULL, compression INTEGER NOT NULL,
            events INTEGER NOT NULL, first_time INTEGER NOT NULL, last_time INTEGER NOT NULL, digest BLOB NOT NULL, facts BLOB NOT NULL,
            UNIQUE (session_id, window, seq), CHECK ((blob_key IS NULL) = (held_at IS NOT NULL)));
        CREATE TABLE chunk_bodies (chunk_id INTEGER PRIMARY KEY REFERENCES chunks ON DELETE CASCADE, body BLOB NOT NULL);
        CREATE TABLE session_terms (
            session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE, tenant TEXT NOT NULL, term BLOB NOT NULL, name_sealed BLOB,
            PRIMARY KEY (session_id, term)) WITHOUT ROWID;
        CREATE INDEX session_terms_by_term ON session_terms (tenant, term);
        CREATE TABLE deleted_sessions (tenant TEXT NOT NULL, session BLOB NOT NULL, deleted_at INTEGER NOT NULL, PRIMARY KEY (tenant, session)) WITHOUT ROWID;
        CREATE INDEX deleted_sessions_by_age ON deleted_sessions (deleted_at);
        """,
        """
        CREATE TABLE replaced_objects (
            session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE, blob_key TEXT NOT NULL, PRIMARY KEY (session_id, blob_key)) WITHOUT ROWID;
        """,
        """
        CREATE TABLE assets (
            tenant TEXT NOT NULL, hash BLOB NOT NULL, key BLOB NOT NULL, bytes INTEGER NOT NULL, present INTEGER NOT NULL, used_at INTEGER NOT NULL, taken_at INTEGER,
            named INTEGER NOT NULL DEFAULT 0, senders INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, hash)) WITHOUT ROWID;
        CREATE INDEX assets_by_use ON assets (tenant, used_at);
        CREATE INDEX assets_by_key ON assets (tenant, key);
        CREATE INDEX assets_unnamed ON assets (tenant, bytes) WHERE NOT named;
        CREATE TABLE asset_totals (tenant TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE asset_names (tenant TEXT NOT NULL, hash BLOB NOT NULL, named BLOB NOT NULL, PRIMARY KEY (tenant, hash, named)) WITHOUT ROWID;
        CREATE INDEX asset_names_by_named ON asset_names (tenant, named);
        CREATE TABLE session_assets (
            session_id INTEGER NOT NULL REFERENCES sessions ON DELETE CASCADE, tenant TEXT NOT NULL, hash BLOB NOT NULL,
            PRIMARY KEY (session_id, hash)) WITHOUT ROWID;
        CREATE INDEX session_assets_by_hash ON session_assets (tenant, hash);
        """,
        """
        CREATE TABLE quotas (tenant TEXT NOT NULL, name TEXT NOT NULL, used INTEGER NOT NULL, ends_at INTEGER NOT NULL, PRIMARY KEY (tenant, name)) WITHOUT ROWID;
        CREATE INDEX quotas_by_end ON quotas (ends_at);
        """,
        """
        CREATE TABLE live_views (
            tenant TEXT NOT NULL, session BLOB NOT NULL, watched_until INTEGER NOT NULL, PRIMARY KEY (tenant, session),
            FOREIGN KEY (tenant, session) REFERENCES sessions (tenant, session) ON DELETE CASCADE) WITHOUT ROWID;
        """,
    ];
}
