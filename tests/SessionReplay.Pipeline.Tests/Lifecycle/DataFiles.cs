using Microsoft.Data.Sqlite;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

/// <summary>Copies and searches the files of a data directory that is in use.</summary>
internal static class DataFiles
{
    /// <summary>Reads one column of a SQLite file, of which there may be none.</summary>
    public static List<byte[]> SqliteRows(string path, string sql, byte[] id)
    {
        var rows = new List<byte[]>();
        if (!File.Exists(path))
        {
            return rows;
        }

        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$id", id);
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            rows.Add(row.GetFieldValue<byte[]>(0));
        }

        return rows;
    }

    public static List<string> FilesWith(IEnumerable<string> files, byte[] bytes) =>
        [.. files.Where(file => ReadShared(file).AsSpan().IndexOf(bytes) >= 0)];

    public static void CopyFolder(string from, string to)
    {
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories).Where(IsData))
        {
            var target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.WriteAllBytes(target, ReadShared(file));
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }
        }
    }

    /// <summary>All but SQLite's shared memory and the queue's lock.</summary>
    public static bool IsData(string file) =>
        !file.EndsWith("-shm", StringComparison.Ordinal) && !file.Contains("-owner-", StringComparison.Ordinal);

    private static byte[] ReadShared(string file)
    {
        try
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            return copy.ToArray();
        }
        catch (FileNotFoundException)
        {
            // Removed since it was listed, as a running server does: nothing is in it any more.
            return [];
        }
    }
}
