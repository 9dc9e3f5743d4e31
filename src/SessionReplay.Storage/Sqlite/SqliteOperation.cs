using Microsoft.Data.Sqlite;

namespace SessionReplay.Storage.Sqlite;

/// <summary>An operation that waits for the writer. Its result is given only when the transaction was committed.</summary>
internal sealed class SqliteOperation(Func<SqliteConnection, object?> run)
{
    private readonly TaskCompletionSource<object?> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private object? _result;
    private Exception? _error;

    public Task<object?> Completion => _completion.Task;

    public bool HasFailed => _error is not null;

    /// <summary>Runs the operation; an error of its own is kept for its caller, an outage of the database ends the whole group.</summary>
    public void Run(SqliteConnection connection)
    {
        try
        {
            _result = run(connection);
        }
        catch (Exception e) when (!SqliteErrors.IsOutage(e))
        {
            _error = e is SqliteException refusal ? SqliteErrors.Refused(refusal) : e;
        }
    }

    public void Complete()
    {
        if (_error is not null)
        {
            _completion.TrySetException(_error);
        }
        else
        {
            _completion.TrySetResult(_result);
        }
    }

    public void Fail(Exception error) => _completion.TrySetException(error);
}
