using System.Data;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Npgsql;
using SessionReplay.Catalog;

namespace SessionReplay.Storage.PostgreSql.Database;

/// <summary>
/// One schema of a database: migrated before its first use, each operation on a connection of the pool, and what the server or the way to
/// it says turned into the error that callers know.
/// </summary>
internal sealed class PostgreSqlDatabase : IAsyncDisposable
{
    private const int Attempts = 5;

    private readonly NpgsqlDataSource _source;
    private readonly bool _ownsSource;
    private readonly IReadOnlyList<string> _migrations;
    private readonly Func<string, Exception, Exception> _unavailable;
    private readonly ILogger _logger;
    private readonly string _limitIdle;
    private readonly SemaphoreSlim _migrating = new(1);
    private volatile bool _migrated;

    /// <param name="options">Where the database is.</param>
    /// <param name="source">The application's own data source; <see langword="null"/> makes one.</param>
    /// <param name="migrations">The schema's steps.</param>
    /// <param name="unavailable">Makes the error for callers.</param>
    /// <param name="logger">Logs migrations and conflicts.</param>
    public PostgreSqlDatabase(
        PostgreSqlOptions options, NpgsqlDataSource? source, IReadOnlyList<string> migrations,
        Func<string, Exception, Exception> unavailable, ILogger logger)
    {
        Schema = options.Schema;
        _ownsSource = source is null;
        _source = source ?? CreateSource(options);
        _migrations = migrations;
        _unavailable = unavailable;
        _logger = logger;
        _limitIdle = LimitIdle(options.CommandTimeout);
    }

    public string Schema { get; }

    /// <summary>
    /// A process that is stopped between two steps would keep its locks, and all others waiting, for as long as its connection lives.
    /// </summary>
    public static string LimitIdle(TimeSpan time) =>
        string.Create(CultureInfo.InvariantCulture, $"SET LOCAL idle_in_transaction_session_timeout = {(int)time.TotalMilliseconds}");

    /// <summary>Runs a query.</summary>
    public ValueTask<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, IReadOnlyList<NpgsqlParameter> parameters, CancellationToken cancellationToken) =>
        RunAsync(
            async connection =>
            {
                using var command = Command(connection, sql, parameters);
                return await command.ReadAllAsync(read, cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>Runs one statement, which is a transaction of its own.</summary>
    /// <returns>The number of rows.</returns>
    public ValueTask<int> ExecuteAsync(string sql, IReadOnlyList<NpgsqlParameter> parameters, CancellationToken cancellationToken) =>
        RunAsync(
            async connection =>
            {
                using var command = Command(connection, sql, parameters);
                return await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            },
            cancellationToken);

    /// <summary>
    /// Runs one batch, which is a transaction of its own: the server commits it without hearing from this process again. It is run again
    /// when it lost a conflict with another, so it must do nothing else.
    /// </summary>
    public ValueTask<T> BatchAsync<T>(Func<NpgsqlBatch, ValueTask<T>> run, CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            using var batch = new NpgsqlBatch(connection);
            return await run(batch).ConfigureAwait(false);
        },
        cancellationToken);

    /// <summary>Runs an operation of several steps in a transaction and commits it. It is run again as a batch is.</summary>
    public ValueTask<T> WriteAsync<T>(Func<NpgsqlConnection, ValueTask<T>> run, CancellationToken cancellationToken) => RunAsync(
        async connection =>
        {
            var transaction = await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            await using var transactionScope = transaction.ConfigureAwait(false);
            using var limit = Command(connection, _limitIdle, []);
            await limit.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            var result = await run(connection).ConfigureAwait(false);
            await transaction.CommitAsync(cancellationToken).ConfigureAwait(false);
            return result;
        },
        cancellationToken);

    /// <summary>For the start: throws if a newer version has changed the schema.</summary>
    /// <exception cref="Versions.NewerDatabaseException">A newer version has changed it.</exception>
    public ValueTask CheckVersionAsync(CancellationToken cancellationToken) =>
        new(Migrations.CheckAsync(_source, Schema, _migrations, cancellationToken));

    public async ValueTask DisposeAsync()
    {
        if (_ownsSource)
        {
            await _source.DisposeAsync().ConfigureAwait(false);
        }

        _migrating.Dispose();
    }

    private static NpgsqlDataSource CreateSource(PostgreSqlOptions options)
    {
        // Without a name of its own the pool's metrics are labelled with the connection string.
        var builder = new NpgsqlDataSourceBuilder(options.ConnectionString) { Name = $"session-replay {options.Schema}" };
        builder.ConnectionStringBuilder.Timeout = (int)options.ConnectTimeout.TotalSeconds;
        builder.ConnectionStringBuilder.CommandTimeout = (int)options.CommandTimeout.TotalSeconds;
        builder.ConnectionStringBuilder.ApplicationName ??= "session-replay";
        return builder.Build();
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, IReadOnlyList<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            // A command that lost a conflict is made again of the same values.
            command.Parameters.Add(parameter.Clone());
        }

        return command;
    }

    private async ValueTask<T> RunAsync<T>(Func<NpgsqlConnection, ValueTask<T>> run, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await MigrateAsync(cancellationToken).ConfigureAwait(false);
                var connection = await _source.OpenConnectionAsync(cancellationToken).ConfigureAwait(false);
                await using var connectionScope = connection.ConfigureAwait(false);
                return await run(connection).ConfigureAwait(false);
            }
            catch (PostgresException e)
                when (attempt < Attempts && e.SqlState is PostgresErrorCodes.DeadlockDetected or PostgresErrorCodes.SerializationFailure)
            {
                // Nothing of it was kept, and the other transaction has gone on.
                Log.RunAgain(_logger, Schema, e.SqlState);
            }
            catch (Exception e) when (ServerErrors.IsOutage(e))
            {
                throw _unavailable($"(schema {Schema}) cannot be used: {e.Message}", e);
            }
            catch (PostgresException e)
            {
                // Without the server's own text, which may quote the value.
                throw new ValueRefusedException(
                    $"Schema {Schema} refuses a value (SQLSTATE {e.SqlState}, {e.ConstraintName ?? e.Routine}).");
            }
        }
    }

    private async ValueTask MigrateAsync(CancellationToken cancellationToken)
    {
        if (_migrated)
        {
            return;
        }

        await _migrating.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!_migrated)
            {
                await Migrations.RunAsync(_source, Schema, _migrations, _limitIdle, _logger, cancellationToken).ConfigureAwait(false);
                _migrated = true;
            }
        }
        finally
        {
            _migrating.Release();
        }
    }
}
