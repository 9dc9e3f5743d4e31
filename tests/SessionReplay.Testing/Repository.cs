namespace SessionReplay.Testing;

/// <summary>Finds files of the source tree.</summary>
public static class Repository
{
    /// <summary>The folder that holds SessionReplay.slnx.</summary>
    public static string Root { get; } = Find();

    public static string File(params string[] segments) => Path.Combine([Root, .. segments]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (System.IO.File.Exists(Path.Combine(folder.FullName, "SessionReplay.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("The tests run outside of the source tree: no SessionReplay.slnx above them.");
    }
}
