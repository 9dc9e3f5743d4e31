using Microsoft.Extensions.Logging;
using Npgsql;
using SessionReplay.Versions;

namespace SessionReplay.Storage.PostgreSql.Database;

/// <summary>Brings a schema to its newest version: step by step in one transaction, one process at a time.</summary>
internal static class Migrations
{
    /// <param name="source">The database.</param>
    /// <param name="schema">The schema; a plain identifier.</param>
    /// <param name="steps">The steps in order; a step that was released is never changed. Each is given the schema as
    /// <c>$schema</c>.</param>
    /// <param name="limitIdle">The statement that has the server end a transaction whose process has stopped.</param>
    /// <param name="logger">Logs what was done.</param>
    /// <param name="cancellationToken">Ends the work; what was begun is rolled back.</param>
    public static async Task RunAsync(
        NpgsqlDataSource source, string schema, IReadOnlyList<string> steps, string limitIdle, ILogger logger,
        CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var connectionScope = connection.ConfigureAwait(false);

        // A role without the right to make tables is enough once they are there.
        if (await VersionAsync(connection, schema, cancellationToken).ConfigureAwait(false) == steps.Count)
        {
            return;
        }

        var transaction = await connection.BeginTransactionAsync(cancellationToken).ConfigureAwait(false);
        await using var transactionScope = transaction.ConfigureAwait(false);
        // Before the lock, which keeps all other processes from starting.
        await ExecuteAsync(connection, limitIdle, cancellationToken).ConfigureAwait(false);
        await ExecuteAsync(
            connection, $"SELECT pg_advisory_xact_lock(hashtextextended('session-replay migrations {schema}', 0))", cancellationToken)
            .ConfigureAwait(false);
        var version = await TakeStepsAsync(connection, schema, steps, cancellationToken).ConfigureAwait(false);
        await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
        if (version < steps.Count)
        {
            Log.Migrated(logger, schema, version, steps.Count);
        }
    }

    /// <summary>Reads the version, and changes nothing.</summary>
    /// <exception cref="NewerDatabaseException">A newer version has changed the schema.</exception>
    public static async Task CheckAsync(
        NpgsqlDataSource source, string schema, IReadOnlyList<string> steps, CancellationToken cancellationToken)
    {
        var connection = await source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
        await using var connectionScope = connection.ConfigureAwait(false);
        RefuseNewer(await VersionAsync(connection, schema, cancellationToken).ConfigureAwait(false), schema, steps);
    }

    private static void RefuseNewer(int version, string schema, IReadOnlyList<string> steps)
    {
        if (version > steps.Count)
        {
            throw new NewerDatabaseException($"The schema {schema} in PostgreSQL", version, steps.Count);
        }
    }

    /// <returns>The version before.</returns>
    private static async Task<int> TakeStepsAsync(
        NpgsqlConnection connection, string schema, IReadOnlyList<string> steps, CancellationToken cancellationToken)
    {
        var version = await VersionAsync(connection, schema, cancellationToken).ConfigureAwait(false);
        RefuseNewer(version, schema, steps);
        if (version == 0)
        {
            await ExecuteAsync(
                connection,
                $"CREATE SCHEMA IF NOT EXISTS {schema}; CREATE TABLE {schema}.schema_version (version integer NOT NULL); INSERT INTO {schema}.schema_version VALUES (0)",
                cancellationToken).ConfigureAwait(false);
        }

        foreach (var step in steps.Skip(version))
        {
            await ExecuteAsync(connection, step.Replace("$schema", schema, StringComparison.Ordinal), cancellationToken)
                .ConfigureAwait(false);
        }

        await ExecuteAsync(connection, $"UPDATE {schema}.schema_version SET version = {steps.Count}", cancellationToken)
            .ConfigureAwait(false);
        return version;
    }

    private static async Task<int> VersionAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        // Read as rows and not with to_regclass, which within a transaction remembers that the table was not there before the lock was
        // taken.
        using var exists = new NpgsqlCommand(
            $"SELECT EXISTS (SELECT 1 FROM pg_tables WHERE schemaname = '{schema}' AND tablename = 'schema_version')", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) is not true)
        {
            return 0;
        }

        using var version = new NpgsqlCommand($"SELECT version FROM {schema}.schema_version", connection);
        return (int)(await version.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }
}
