namespace SessionReplay.Storage.PostgreSql.Catalog;

/// <summary>
/// The bytes of chunks, in one table for each quarter of an hour: the room of those that have left comes back when a table is dropped,
/// without the work of a vacuum. Nothing is updated, and rows are deleted with their session alone.
/// </summary>
internal static class BodySchema
{
    /// <summary>The time of one table, in ms.</summary>
    private const string TableTime = "900000";

    public const string Tables =
        $"""
        CREATE TABLE $schema.chunk_bodies (
            held_at bigint NOT NULL, session_id bigint NOT NULL, window_id uuid NOT NULL, seq bigint NOT NULL, body bytea NOT NULL,
            PRIMARY KEY (held_at, session_id, window_id, seq)) PARTITION BY RANGE (held_at);
        -- Ciphertext does not get smaller.
        ALTER TABLE $schema.chunk_bodies ALTER COLUMN body SET STORAGE EXTERNAL;

        CREATE FUNCTION $schema.now_ms() RETURNS bigint LANGUAGE sql AS $body$ SELECT (extract(epoch FROM clock_timestamp()) * 1000)::bigint $body$;

        -- Makes the tables of this quarter of an hour and of the next, and gives the time until the second ends, in ms.
        -- With the rights of the owner of the schema, so that a role that may make no tables can record.
        CREATE FUNCTION $schema.make_body_tables() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
        DECLARE
            v_length CONSTANT bigint := {TableTime}; v_now bigint := $schema.now_ms(); v_from bigint; v_name text;
        BEGIN
            PERFORM pg_advisory_xact_lock(hashtextextended('$schema body tables', 0));
            FOR i IN 0..1 LOOP
                v_from := (v_now / v_length + i) * v_length;
                v_name := 'chunk_bodies_' || v_from;
                IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = '$schema' AND c.relname = v_name) THEN
                    EXECUTE format('CREATE TABLE $schema.%I (LIKE $schema.chunk_bodies INCLUDING ALL) WITH (autovacuum_enabled = off, toast.autovacuum_enabled = off)', v_name);
                    EXECUTE format('ALTER TABLE $schema.chunk_bodies ATTACH PARTITION $schema.%I FOR VALUES FROM (%s) TO (%s)', v_name, v_from, v_from + v_length);
                END IF;
            END LOOP;
            RETURN (v_now / v_length + 2) * v_length - v_now;
        END $body$;

        -- The tables whose time is over, oldest first.
        CREATE FUNCTION $schema.old_body_tables() RETURNS TABLE (held_from bigint) LANGUAGE sql AS $body$
            SELECT substring(c.relname FROM 14)::bigint FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
            WHERE i.inhparent = '$schema.chunk_bodies'::regclass AND substring(c.relname FROM 14)::bigint + {TableTime} < $schema.now_ms() ORDER BY 1
        $body$;

        -- Drops a table of which the catalog holds nothing any more. Waits a moment for writers, then gives up.
        -- Gives whether it is dropped; null when the lock was not to be had.
        CREATE FUNCTION $schema.drop_body_table(p_from bigint) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $body$
        BEGIN
            IF EXISTS (SELECT 1 FROM $schema.chunks c WHERE c.held_at >= p_from AND c.held_at < p_from + {TableTime}) THEN
                RETURN false;
            END IF;

            SET LOCAL lock_timeout = '250ms';
            LOCK TABLE $schema.chunk_bodies IN ACCESS EXCLUSIVE MODE;
            IF EXISTS (SELECT 1 FROM $schema.chunks c WHERE c.held_at >= p_from AND c.held_at < p_from + {TableTime}) THEN
                RETURN false;
            END IF;

            EXECUTE format('DROP TABLE IF EXISTS $schema.%I', 'chunk_bodies_' || p_from);
            RETURN true;
        EXCEPTION WHEN lock_not_available THEN
            RETURN NULL;
        END $body$;

        -- Recounts what the catalog holds of a session.
        CREATE FUNCTION $schema.count_held(p_session_id bigint) RETURNS void LANGUAGE sql AS $body$
            UPDATE $schema.sessions SET (held_bytes, held_since) = (
                SELECT COALESCE(SUM(c.length), 0)::bigint, MIN(c.held_at) FROM $schema.chunks c WHERE c.session_id = p_session_id AND c.held_at IS NOT NULL)
            WHERE id = p_session_id
        $body$;

        CREATE FUNCTION $schema.body_bytes() RETURNS bigint LANGUAGE sql AS $body$
            SELECT COALESCE(SUM(pg_total_relation_size(i.inhrelid)), 0)::bigint FROM pg_inherits i WHERE i.inhparent = '$schema.chunk_bodies'::regclass
        $body$;
        """;
}
