namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>The steps of the schema of the catalog and the audit log; a step that was released is never changed.</summary>
internal static class CatalogSchema
{
    /// <summary>Texts are in the order of their bytes (collation C), so that a browser without its version is a range.</summary>
    private const string Tables =
        """
        CREATE TABLE $schema.sessions (
            id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, tenant text COLLATE "C" NOT NULL, session uuid NOT NULL,
            session_started bigint NOT NULL, started_at bigint NOT NULL, last_activity_at bigint NOT NULL, last_received_at bigint NOT NULL,
            ended_at bigint, deleting_at bigint, recording_key text, claimed_until bigint NOT NULL DEFAULT 0, claims integer NOT NULL DEFAULT 0,
            windows integer NOT NULL DEFAULT 0, chunks integer NOT NULL DEFAULT 0, events bigint NOT NULL DEFAULT 0, bytes bigint NOT NULL DEFAULT 0,
            pages integer NOT NULL DEFAULT 0, errors integer NOT NULL DEFAULT 0, clicks integer NOT NULL DEFAULT 0, rage_clicks integer NOT NULL DEFAULT 0,
            requests integer NOT NULL DEFAULT 0, failed_requests integer NOT NULL DEFAULT 0, lost_events integer NOT NULL DEFAULT 0,
            user_time bigint, user_sealed bytea, ip_sealed bytea, browser text COLLATE "C", os text COLLATE "C", device text COLLATE "C", entry_url_sealed bytea,
            viewport_width integer NOT NULL DEFAULT 0, viewport_height integer NOT NULL DEFAULT 0,
            held_bytes bigint NOT NULL DEFAULT 0, held_since bigint,
            UNIQUE (tenant, session));
        CREATE INDEX sessions_by_start ON $schema.sessions (tenant, started_at DESC, session DESC);
        CREATE INDEX sessions_with_error ON $schema.sessions (tenant, started_at DESC, session DESC) WHERE errors > 0;
        CREATE INDEX sessions_live ON $schema.sessions (last_received_at) WHERE ended_at IS NULL;
        CREATE INDEX sessions_to_compact ON $schema.sessions (ended_at) WHERE ended_at IS NOT NULL AND recording_key IS NULL AND deleting_at IS NULL;
        CREATE INDEX sessions_held ON $schema.sessions (held_since) WHERE held_since IS NOT NULL AND deleting_at IS NULL;
        CREATE INDEX sessions_large ON $schema.sessions (held_bytes) WHERE held_since IS NOT NULL AND deleting_at IS NULL;
        CREATE INDEX sessions_by_age ON $schema.sessions (tenant, last_received_at) WHERE deleting_at IS NULL;
        CREATE INDEX sessions_deleting ON $schema.sessions (tenant, session) WHERE deleting_at IS NOT NULL;

        CREATE TABLE $schema.windows (
            session_id bigint NOT NULL REFERENCES $schema.sessions ON DELETE CASCADE, window_id uuid NOT NULL, clock_offset bigint NOT NULL,
            end_seq bigint NOT NULL, end_sealed bytea NOT NULL,
            PRIMARY KEY (session_id, window_id));
        CREATE TABLE $schema.chunks (
            session_id bigint NOT NULL REFERENCES $schema.sessions ON DELETE CASCADE, window_id uuid NOT NULL, seq bigint NOT NULL,
            blob_key text, byte_offset bigint NOT NULL, length bigint NOT NULL, held_at bigint, flags bigint NOT NULL, compression bigint NOT NULL,
            events bigint NOT NULL, first_time bigint NOT NULL, last_time bigint NOT NULL, digest bytea NOT NULL, facts bytea NOT NULL,
            PRIMARY KEY (session_id, window_id, seq), CHECK ((blob_key IS NULL) = (held_at IS NOT NULL)));
        CREATE INDEX chunks_held ON $schema.chunks (held_at) WHERE held_at IS NOT NULL;
        CREATE TABLE $schema.session_terms (
            session_id bigint NOT NULL REFERENCES $schema.sessions ON DELETE CASCADE, tenant text COLLATE "C" NOT NULL,
            term bytea NOT NULL, name_sealed bytea, PRIMARY KEY (session_id, term));
        CREATE INDEX session_terms_by_term ON $schema.session_terms (tenant, term, session_id);
        CREATE TABLE $schema.deleted_sessions (tenant text COLLATE "C" NOT NULL, session uuid NOT NULL, deleted_at bigint NOT NULL, PRIMARY KEY (tenant, session));
        CREATE INDEX deleted_sessions_by_age ON $schema.deleted_sessions (deleted_at);
        """;

    /// <summary>One chunk is one call, so that a group of chunks is one round trip.</summary>
    private const string RecordChunk =
        """
        -- Whoever records or deletes a session holds this lock until the transaction ends.
        CREATE FUNCTION $schema.lock_session(p_tenant text, p_session uuid) RETURNS void LANGUAGE sql AS
        $body$ SELECT pg_advisory_xact_lock(hashtextextended('$schema' || p_tenant || p_session, 0)) $body$;

        -- Gives 0: recorded, 1: was there before, 2: the session is deleted, 3: another of this name was there before.
        CREATE FUNCTION $schema.record_chunk(
            p_tenant text, p_session uuid, p_session_started bigint, p_window uuid, p_seq bigint, p_received bigint, p_earliest bigint, p_latest bigint, p_clock_offset bigint, p_body bytea,
            p_first bigint, p_last bigint, p_blob_key text, p_offset bigint, p_length bigint, p_flags bigint, p_compression bigint, p_events bigint, p_digest bytea,
            p_facts bytea,
            p_pages bigint, p_errors bigint, p_clicks bigint, p_rage_clicks bigint, p_requests bigint, p_failed_requests bigint, p_lost_events bigint,
            p_user_time bigint, p_user_sealed bytea, p_ip_sealed bytea, p_browser text, p_os text, p_device text, p_entry_url bytea,
            p_viewport_width bigint, p_viewport_height bigint, p_window_end bytea, p_terms bytea[], p_event_terms bytea[],
            p_event_names bytea[], p_assets bytea[])
        RETURNS integer LANGUAGE plpgsql AS $body$
        DECLARE
            v_id bigint; v_offset bigint; v_new_windows integer; v_user_time bigint; v_most CONSTANT bigint := 2147483647;
            v_held bigint := CASE WHEN p_blob_key IS NULL THEN $schema.now_ms() END;
        BEGIN
            PERFORM $schema.lock_session(p_tenant, p_session);
            IF EXISTS (SELECT 1 FROM $schema.deleted_sessions d WHERE d.tenant = p_tenant AND d.session = p_session) THEN
                RETURN 2;
            END IF;

            SELECT id INTO v_id FROM $schema.sessions s WHERE s.tenant = p_tenant AND s.session = p_session;
            IF v_id IS NULL THEN
                INSERT INTO $schema.sessions (tenant, session, session_started, started_at, last_activity_at, last_received_at)
                VALUES (
                    p_tenant, p_session, p_session_started, LEAST(GREATEST(p_first + p_clock_offset, p_earliest), p_latest),
                    LEAST(GREATEST(p_last + p_clock_offset, p_earliest), p_latest), p_received) RETURNING id INTO v_id;
            END IF;

            INSERT INTO $schema.chunks (session_id, window_id, seq, blob_key, byte_offset, length, held_at, flags, compression, events, first_time, last_time, digest, facts)
            VALUES (v_id, p_window, p_seq, p_blob_key, p_offset, p_length, v_held, p_flags, p_compression, p_events, p_first, p_last, p_digest, p_facts) ON CONFLICT DO NOTHING;
            IF NOT FOUND THEN
                RETURN CASE WHEN EXISTS (SELECT 1 FROM $schema.chunks c WHERE c.session_id = v_id AND c.window_id = p_window AND c.seq = p_seq AND c.digest = p_digest)
                    THEN 1 ELSE 3 END;
            END IF;

            IF v_held IS NOT NULL THEN
                INSERT INTO $schema.chunk_bodies (held_at, session_id, window_id, seq, body) VALUES (v_held, v_id, p_window, p_seq, p_body);
            END IF;

            INSERT INTO $schema.windows (session_id, window_id, clock_offset, end_seq, end_sealed)
            VALUES (v_id, p_window, p_clock_offset, p_seq, p_window_end) ON CONFLICT DO NOTHING;
            GET DIAGNOSTICS v_new_windows = ROW_COUNT;
            UPDATE $schema.windows w SET end_seq = p_seq, end_sealed = p_window_end WHERE w.session_id = v_id AND w.window_id = p_window AND w.end_seq < p_seq;
            SELECT clock_offset INTO v_offset FROM $schema.windows w WHERE w.session_id = v_id AND w.window_id = p_window;
            -- The offset of the window is that of its first chunk: with it, the time of another can come to lie anywhere.
            v_user_time := CASE WHEN p_user_time IS NOT NULL THEN LEAST(GREATEST(p_user_time + v_offset, p_earliest), p_latest) END;

            UPDATE $schema.sessions s SET
                started_at = LEAST(s.started_at, GREATEST(p_first + v_offset, p_earliest), p_latest),
                last_activity_at = GREATEST(s.last_activity_at, LEAST(GREATEST(p_last + v_offset, p_earliest), p_latest)),
                last_received_at = GREATEST(s.last_received_at, p_received),
                windows = LEAST(s.windows::bigint + v_new_windows, v_most), chunks = LEAST(s.chunks::bigint + 1, v_most), events = s.events + p_events,
                bytes = s.bytes + p_length, held_bytes = s.held_bytes + CASE WHEN v_held IS NULL THEN 0 ELSE p_length END,
                held_since = COALESCE(s.held_since, v_held), pages = LEAST(s.pages + p_pages, v_most), errors = LEAST(s.errors + p_errors, v_most),
                clicks = LEAST(s.clicks + p_clicks, v_most), rage_clicks = LEAST(s.rage_clicks + p_rage_clicks, v_most),
                requests = LEAST(s.requests + p_requests, v_most), failed_requests = LEAST(s.failed_requests + p_failed_requests, v_most),
                lost_events = LEAST(s.lost_events + p_lost_events, v_most),
                user_sealed = CASE WHEN v_user_time >= COALESCE(s.user_time, 0) THEN p_user_sealed ELSE s.user_sealed END,
                user_time = CASE WHEN v_user_time >= COALESCE(s.user_time, 0) THEN v_user_time ELSE s.user_time END,
                ip_sealed = COALESCE(s.ip_sealed, p_ip_sealed), browser = COALESCE(s.browser, p_browser), os = COALESCE(s.os, p_os),
                device = COALESCE(s.device, p_device), entry_url_sealed = COALESCE(s.entry_url_sealed, p_entry_url),
                viewport_width = CASE s.viewport_width WHEN 0 THEN p_viewport_width ELSE s.viewport_width END,
                viewport_height = CASE s.viewport_height WHEN 0 THEN p_viewport_height ELSE s.viewport_height END
            WHERE s.id = v_id;

            -- A session has at most 4,096 terms.
            INSERT INTO $schema.session_terms (session_id, tenant, term, name_sealed)
            SELECT v_id, p_tenant, e.term, e.name FROM (
                SELECT t.term, NULL::bytea AS name FROM unnest(p_terms) AS t (term)
                UNION ALL SELECT n.term, n.name FROM unnest(p_event_terms, p_event_names) AS n (term, name)) e
            WHERE NOT EXISTS (SELECT 1 FROM $schema.session_terms k WHERE k.session_id = v_id AND k.term = e.term)
            LIMIT GREATEST(0, 4096 - (SELECT count(*) FROM $schema.session_terms k WHERE k.session_id = v_id)) ON CONFLICT DO NOTHING;
            -- Whoever takes assets waits for this lock, and then sees what is named here.
            PERFORM 1 FROM $schema.assets a WHERE a.tenant = p_tenant AND a.hash = ANY(p_assets) ORDER BY a.hash FOR KEY SHARE;
            PERFORM $schema.name_assets(p_tenant, p_assets, p_received);
            PERFORM $schema.use_assets(p_tenant, p_assets, p_received);
            -- Of what there is: names that somebody made up cost no row.
            INSERT INTO $schema.session_assets (session_id, tenant, hash)
            SELECT v_id, a.tenant, a.hash FROM $schema.assets a WHERE a.tenant = p_tenant AND a.hash = ANY(p_assets) ON CONFLICT DO NOTHING;
            RETURN 0;
        END $body$;
        """;

    private const string Audit =
        """
        CREATE TABLE $schema.audit (
            number bigint PRIMARY KEY, at bigint NOT NULL, actor text NOT NULL, action text NOT NULL, allowed boolean NOT NULL, outcome text NOT NULL,
            tenant text, session uuid, remote_address text, detail text, hash bytea NOT NULL);
        CREATE INDEX audit_by_session ON $schema.audit (tenant, session, number DESC);
        -- The last row that retention has removed. It goes forward only, and only to a row that is there.
        CREATE TABLE $schema.audit_start (one integer PRIMARY KEY CHECK (one = 1), number bigint NOT NULL, hash bytea NOT NULL);
        INSERT INTO $schema.audit_start VALUES (1, 0, decode(repeat('00', 32), 'hex'));
        CREATE FUNCTION $schema.refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $body$
        BEGIN
            IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'audit' THEN
                IF OLD.number <= (SELECT s.number FROM $schema.audit_start s) THEN
                    RETURN OLD;
                END IF;
            ELSIF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'audit_start' THEN
                IF NEW.number > OLD.number
                    AND (NEW.hash = (SELECT a.hash FROM $schema.audit a WHERE a.number = NEW.number) OR NOT EXISTS (SELECT 1 FROM $schema.audit)) THEN
                    RETURN NEW;
                END IF;
            END IF;

            RAISE EXCEPTION 'the audit log is append-only';
        END $body$;
        CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE ON $schema.audit FOR EACH ROW EXECUTE FUNCTION $schema.refuse_audit_change();
        CREATE TRIGGER audit_no_truncate BEFORE TRUNCATE ON $schema.audit FOR EACH STATEMENT EXECUTE FUNCTION $schema.refuse_audit_change();
        CREATE TRIGGER audit_start_forward BEFORE UPDATE OR DELETE ON $schema.audit_start FOR EACH ROW EXECUTE FUNCTION $schema.refuse_audit_change();
        CREATE TRIGGER audit_start_no_truncate BEFORE TRUNCATE ON $schema.audit_start FOR EACH STATEMENT EXECUTE FUNCTION $schema.refuse_audit_change();
        """;

    /// <summary>
    /// The sweep skips rows that are locked and looks again at those that changed: whoever uses an asset that was unused for long writes
    /// its time, and thereby keeps it from being taken.
    /// </summary>
    private const string Assets =
        """
        CREATE TABLE $schema.assets (
            tenant text COLLATE "C" NOT NULL, hash bytea NOT NULL, key uuid NOT NULL, bytes bigint NOT NULL, present boolean NOT NULL, used_at bigint NOT NULL, taken_at bigint,
            named boolean NOT NULL DEFAULT false, senders bigint NOT NULL DEFAULT 0,
            PRIMARY KEY (tenant, hash));
        CREATE INDEX assets_by_use ON $schema.assets (tenant, used_at);
        CREATE INDEX assets_by_key ON $schema.assets (tenant, key);
        CREATE INDEX assets_unnamed ON $schema.assets (tenant, bytes) WHERE NOT named;
        CREATE TABLE $schema.asset_totals (tenant text COLLATE "C" PRIMARY KEY, bytes bigint NOT NULL);
        CREATE TABLE $schema.asset_names (tenant text COLLATE "C" NOT NULL, hash bytea NOT NULL, named bytea NOT NULL, PRIMARY KEY (tenant, hash, named));
        CREATE INDEX asset_names_by_named ON $schema.asset_names (tenant, named);
        CREATE TABLE $schema.session_assets (
            session_id bigint NOT NULL REFERENCES $schema.sessions ON DELETE CASCADE, tenant text COLLATE "C" NOT NULL, hash bytea NOT NULL,
            PRIMARY KEY (session_id, hash));
        CREATE INDEX session_assets_by_hash ON $schema.session_assets (tenant, hash);

        -- The time may lag by an hour, so that an asset that all pages use is not written for each. That of one that nothing has named stays that of its first upload.
        CREATE FUNCTION $schema.use_assets(p_tenant text, p_hashes bytea[], p_now bigint) RETURNS void LANGUAGE sql AS
        $body$
            UPDATE $schema.assets a SET used_at = p_now
            WHERE a.tenant = p_tenant AND a.hash = ANY(p_hashes) AND a.named AND a.taken_at IS NULL AND a.used_at < p_now - 3600000
        $body$;

        -- Notes that a session names assets, and thereby what they name. Locks in the order of the hashes.
        CREATE FUNCTION $schema.name_assets(p_tenant text, p_hashes bytea[], p_now bigint) RETURNS void LANGUAGE plpgsql AS $body$
        DECLARE
            v_reached bytea[];
        BEGIN
            v_reached := ARRAY(
                WITH RECURSIVE reached(hash) AS (
                    SELECT a.hash FROM $schema.assets a WHERE a.tenant = p_tenant AND a.hash = ANY(p_hashes) AND NOT a.named
                    UNION SELECT n.named FROM reached r JOIN $schema.asset_names n ON n.tenant = p_tenant AND n.hash = r.hash)
                SELECT r.hash FROM reached r);
            IF cardinality(v_reached) > 0 THEN
                PERFORM 1 FROM $schema.assets a WHERE a.tenant = p_tenant AND a.hash = ANY(v_reached) ORDER BY a.hash FOR NO KEY UPDATE;
                UPDATE $schema.assets a SET named = true, used_at = GREATEST(a.used_at, p_now)
                WHERE a.tenant = p_tenant AND NOT a.named AND a.hash = ANY(v_reached);
            END IF;
        END $body$;

        -- The outcome is 0: reserved, 1: no room, 2: an object of this name is being deleted.
        CREATE FUNCTION $schema.reserve_asset(
            p_tenant text, p_hash bytea, INOUT p_key uuid, p_bytes bigint, p_charge bigint, p_names bytea[], p_max bigint, p_max_unnamed bigint, p_now bigint,
            OUT outcome integer)
        LANGUAGE plpgsql AS $body$
        DECLARE
            v_taken bigint; v_key uuid; v_named boolean; v_unnamed bigint;
        BEGIN
            -- Whoever reserves or frees room of a tenant holds this row until the transaction ends.
            INSERT INTO $schema.asset_totals AS t (tenant, bytes) VALUES (p_tenant, 0) ON CONFLICT (tenant) DO UPDATE SET bytes = t.bytes;
            SELECT a.taken_at, a.key, a.named INTO v_taken, v_key, v_named FROM $schema.assets a WHERE a.tenant = p_tenant AND a.hash = p_hash FOR UPDATE;
            IF NOT FOUND THEN
                SELECT COALESCE(SUM(GREATEST(a.bytes, 4096)), 0) INTO v_unnamed FROM $schema.assets a WHERE a.tenant = p_tenant AND NOT a.named;
                UPDATE $schema.asset_totals t SET bytes = t.bytes + p_charge
                WHERE t.tenant = p_tenant AND t.bytes + p_charge <= p_max AND v_unnamed + p_charge <= p_max_unnamed;
                IF NOT FOUND THEN
                    outcome := 1;
                    RETURN;
                END IF;

                INSERT INTO $schema.assets (tenant, hash, key, bytes, present, used_at) VALUES (p_tenant, p_hash, p_key, p_bytes, false, p_now);
            ELSIF v_taken IS NOT NULL THEN
                outcome := 2;
                RETURN;
            ELSE
                p_key := v_key;
            END IF;

            PERFORM $schema.use_assets(p_tenant, p_names || ARRAY[p_hash], p_now);
            INSERT INTO $schema.asset_names (tenant, hash, named)
            SELECT p_tenant, p_hash, a.hash FROM $schema.assets a WHERE a.tenant = p_tenant AND a.hash = ANY(p_names) ON CONFLICT DO NOTHING;
            IF v_named THEN
                PERFORM $schema.name_assets(p_tenant, p_names, p_now);
            END IF;

            outcome := 0;
        END $body$;
        """;

    private const string Quotas =
        """
        CREATE TABLE $schema.quotas (
            tenant text COLLATE "C" NOT NULL, name text COLLATE "C" NOT NULL, used bigint NOT NULL, ends_at bigint NOT NULL, PRIMARY KEY (tenant, name));
        CREATE INDEX quotas_by_end ON $schema.quotas (ends_at);

        CREATE FUNCTION $schema.take_quota(p_tenant text, p_name text, p_amount bigint, p_max bigint, p_now bigint, p_ends bigint)
        RETURNS TABLE (granted bigint, ends bigint) LANGUAGE plpgsql AS $body$
        DECLARE
            v_used bigint;
        BEGIN
            INSERT INTO $schema.quotas AS q (tenant, name, used, ends_at) VALUES (p_tenant, p_name, 0, p_ends)
            ON CONFLICT (tenant, name) DO UPDATE SET
                used = CASE WHEN q.ends_at > p_now THEN q.used ELSE 0 END, ends_at = CASE WHEN q.ends_at > p_now THEN q.ends_at ELSE p_ends END
            RETURNING q.used, q.ends_at INTO v_used, ends;
            granted := GREATEST(0, LEAST(p_amount, p_max - v_used));
            UPDATE $schema.quotas q SET used = v_used + granted WHERE q.tenant = p_tenant AND q.name = p_name;
            RETURN NEXT;
        END $body$;
        """;

    private const string Replaced =
        """
        CREATE TABLE $schema.replaced_objects (
            session_id bigint NOT NULL REFERENCES $schema.sessions ON DELETE CASCADE, blob_key text COLLATE "C" NOT NULL, PRIMARY KEY (session_id, blob_key));
        """;

    private const string LiveViews =
        """
        CREATE TABLE $schema.live_views (
            tenant text COLLATE "C" NOT NULL, session uuid NOT NULL, watched_until bigint NOT NULL, PRIMARY KEY (tenant, session),
            FOREIGN KEY (tenant, session) REFERENCES $schema.sessions (tenant, session) ON DELETE CASCADE);
        """;

    public static readonly string[] Migrations =
        [$"{Tables}\n{BodySchema.Tables}\n{RecordChunk}\n{Audit}", Replaced, Assets, Quotas, LiveViews];
}
