using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;

namespace SessionReplay.Storage.Sqlite;

/// <summary>Tells an outage from a refusal by the primary result code (SQLite, "Result and Error Codes").</summary>
internal static class SqliteErrors
{
    /// <summary>
    /// Rights, locks, memory, the disk and the file: PERM, BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN, PROTOCOL, SCHEMA, NOLFS,
    /// AUTH and NOTADB.
    /// </summary>
    private static readonly int[] OutageCodes = [3, 5, 6, 7, 8, 9, 10, 11, 13, 14, 15, 17, 22, 23, 26];

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool IsOutage(Exception error) => error switch
    {
        SqliteException e => OutageCodes.Contains(e.SqliteErrorCode),
        IOException or UnauthorizedAccessException => true,
        _ => false,
    };

    /// <summary>Makes the error for what is a refusal. It leaves out SQLite's own text, which may quote a value.</summary>
    public static ValueRefusedException Refused(SqliteException error) =>
        new($"SQLite refuses a value (result code {error.SqliteExtendedErrorCode}).");
}
