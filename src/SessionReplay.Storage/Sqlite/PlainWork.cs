using Microsoft.Data.Sqlite;
using SessionReplay.Sqlite;

namespace SessionReplay.Storage.Sqlite;

/// <summary>A file of which the writer does nothing but what it is given, and whose values come from pages.</summary>
internal sealed class PlainWork(Func<string, Exception?, Exception> unavailable) : SqliteWork<SqliteStatements>
{
    public override SqliteStatements Open(SqliteStatements sql) => sql;

    public override Exception Unavailable(string reason, Exception error) => unavailable(reason, error);

    public Exception Unavailable(string reason) => unavailable(reason, null);

    public override Exception? Refused(Exception error) =>
        SqliteErrors.IsOutage(error) ? null : error is SqliteException refusal ? SqliteErrors.Refused(refusal) : error;
}
