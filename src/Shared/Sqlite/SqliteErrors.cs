using Microsoft.Data.Sqlite;
using SessionReplay.Catalog;

namespace SessionReplay.Sqlite;

/// <summary>Distinguishes an outage from a refusal by the primary result code (SQLite, "Result and Error Codes").</summary>
internal static class SqliteErrors
{
    private const int Busy = 5;
    private const int Locked = 6;
    private const int ReadOnly = 8;
    private const int Corrupt = 11;
    private const int Full = 13;
    private const int CannotOpen = 14;
    private const int NotADatabase = 26;

    /// <summary>
    /// Rights, locks, memory, the disk and the file: PERM, BUSY, LOCKED, NOMEM, READONLY, INTERRUPT, IOERR, CORRUPT, FULL, CANTOPEN,
    /// PROTOCOL, SCHEMA, NOLFS, AUTH and NOTADB.
    /// </summary>
    private static readonly int[] OutageCodes =
        [3, Busy, Locked, 7, ReadOnly, 9, 10, Corrupt, Full, CannotOpen, 15, 17, 22, 23, NotADatabase];

    /// <summary>Whether the same call may succeed later.</summary>
    public static bool IsOutage(Exception error) => error switch
    {
        SqliteException e => OutageCodes.Contains(e.SqliteErrorCode),
        IOException or UnauthorizedAccessException => true,
        _ => false,
    };

    /// <summary>Whether another process holds the lock.</summary>
    public static bool IsBusy(SqliteException error) => error.SqliteErrorCode == Busy;

    /// <summary>Makes the error for what is a refusal. It leaves out SQLite's own text, which may quote a value.</summary>
    public static ValueRefusedException Refused(SqliteException error) =>
        new($"SQLite refuses a value (result code {error.SqliteExtendedErrorCode}).");

    /// <summary>Says what is wrong with a file and what to do.</summary>
    public static string Explain(Exception error) => error switch
    {
        SqliteException { SqliteErrorCode: Full } => "The disk is full. Free space, or move the file to another disk.",
        SqliteException { SqliteErrorCode: Busy or Locked } =>
            "Another process holds it locked. Try again; if this goes on, find the process that uses it.",
        SqliteException { SqliteErrorCode: ReadOnly } or UnauthorizedAccessException =>
            "It or its folder cannot be written. Give this user the right to write.",
        SqliteException { SqliteErrorCode: Corrupt or NotADatabase } =>
            "It is damaged, or it is another file. Move it aside and keep it; a new one is made.",
        SqliteException { SqliteErrorCode: CannotOpen } => "It cannot be opened. Check that its folder exists and can be written.",
        _ => error.Message,
    };
}
