using SessionReplay.Files;

namespace SessionReplay.Queues;

/// <summary>
/// Shows other processes that this one lives: it holds a locked file beside the queue's, which the system unlocks when the process ends,
/// however it ends. Unlike a process id this also holds between containers that share a volume.
/// </summary>
internal sealed class LeaseOwner : IDisposable
{
    private const string Infix = "-owner-";
    private readonly FileStream _lock;

    private LeaseOwner(string id, FileStream file)
    {
        Id = id;
        _lock = file;
    }

    /// <summary>Gets the name that stands in the rows of this owner's leases.</summary>
    internal string Id { get; }

    internal static LeaseOwner Create(string databasePath)
    {
        var id = Guid.CreateVersion7().ToString("N");
        return new LeaseOwner(id, PrivateFile.Open(
            databasePath + Infix + id, new() { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.None }));
    }

    /// <summary>
    /// Lists the owners whose processes have ended; their files are removed with <see cref="Forget"/> once their leases are released.
    /// </summary>
    internal static List<string> FindDead(string databasePath)
    {
        var dead = new List<string>();
        var prefix = Path.GetFileName(databasePath) + Infix;
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(databasePath)!, prefix + "*"))
        {
            try
            {
                using var probe = new FileStream(file, FileMode.Open, FileAccess.ReadWrite, FileShare.None);
                dead.Add(Path.GetFileName(file)[prefix.Length..]);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Its owner lives (or another process cleans up just now): its leases expire by themselves if it does not renew them.
            }
        }

        return dead;
    }

    internal static void Forget(string databasePath, string id) => File.Delete(databasePath + Infix + id);

    public void Dispose()
    {
        _lock.Dispose();
        File.Delete(_lock.Name);
    }
}
