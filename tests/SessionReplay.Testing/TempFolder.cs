namespace SessionReplay.Testing;

/// <summary>A folder of a test's own, removed at its end.</summary>
public sealed class TempFolder : IDisposable
{
    public TempFolder() => FullPath = Directory.CreateTempSubdirectory("session-replay-test-").FullName;

    public string FullPath { get; }

    public string File(string name) => Path.Combine(FullPath, name);

    public void Dispose()
    {
        try
        {
            Directory.Delete(FullPath, recursive: true);
        }
        catch (IOException)
        {
            // A killed peer may still hold a file for a moment; the system's own cleaning takes what is left.
        }
    }
}
