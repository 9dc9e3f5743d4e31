namespace SessionReplay.Files;

/// <summary>
/// Makes files and folders that nobody but their owner can read or write (mode 0600 and 0700); on Windows the folder's own permissions
/// hold.
/// </summary>
internal static class PrivateFile
{
    private const UnixFileMode FileMode600 = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode FolderMode700 = FileMode600 | UnixFileMode.UserExecute;

    /// <summary>Opens a file that is made when it is not there. One that is there keeps its mode.</summary>
    /// <param name="path">The file's path.</param>
    /// <param name="options">How to open it; <see cref="FileStreamOptions.Mode"/> is one that can make the file.</param>
    /// <returns>The file.</returns>
    public static FileStream Open(string path, FileStreamOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = FileMode600;
        }

        return new FileStream(path, options);
    }

    /// <summary>Makes an empty file unless there is one. SQLite gives the files beside a database the mode of the database.</summary>
    /// <param name="path">The file's path.</param>
    public static void Ensure(string path)
    {
        if (!File.Exists(path))
        {
            Open(path,
                new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.ReadWrite | FileShare.Delete })
                .Dispose();
        }
    }

    /// <summary>Makes a folder and those above it that are not there. Folders that are there keep their mode.</summary>
    /// <param name="folder">The folder's path.</param>
    public static void CreateFolder(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(folder);
            return;
        }

        // The framework gives the mode to the last folder only.
        var missing = new Stack<string>();
        for (var path = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder)); !Directory.Exists(
            path); path = Path.GetDirectoryName(path)!)
        {
            missing.Push(path);
        }

        foreach (var path in missing)
        {
            Directory.CreateDirectory(path, FolderMode700);
        }
    }
}
