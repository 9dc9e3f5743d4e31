using System.Globalization;
using SessionReplay.Versions;

namespace SessionReplay.Sqlite;

/// <summary>
/// Brings the schema of a file up to date. The number of the steps that are done is kept in the file (<c>user_version</c>).
/// </summary>
internal static class SqliteMigrations
{
    /// <exception cref="NewerDatabaseException">A newer version has written the file.</exception>
    public static void Run(SqliteStatements sql, IReadOnlyList<string> steps, string path)
    {
        if (Version(sql) == steps.Count)
        {
            return;
        }

        sql.Execute("BEGIN IMMEDIATE");
        var done = Version(sql);
        RefuseNewer(done, steps, path);
        foreach (var step in steps.Skip(done))
        {
            sql.Execute(step);
        }

        sql.Execute(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {steps.Count}"));
        sql.Execute("COMMIT");
    }

    /// <summary>Reads the version, and changes nothing.</summary>
    /// <exception cref="NewerDatabaseException">A newer version has written the file.</exception>
    public static void Check(SqliteStatements sql, IReadOnlyList<string> steps, string path) => RefuseNewer(Version(sql), steps, path);

    private static void RefuseNewer(int version, IReadOnlyList<string> steps, string path)
    {
        if (version > steps.Count)
        {
            throw new NewerDatabaseException(path, version, steps.Count);
        }
    }

    private static int Version(SqliteStatements sql) => (int)sql.Scalar<long>("PRAGMA user_version");
}
