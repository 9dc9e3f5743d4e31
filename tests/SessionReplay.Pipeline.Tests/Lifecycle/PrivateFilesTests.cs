using Microsoft.Extensions.DependencyInjection;
using SessionReplay.Crypto.Rotation;

namespace SessionReplay.Pipeline.Tests.Lifecycle;

public sealed class PrivateFilesTests
{
    private const UnixFileMode OfOthers = (UnixFileMode)0b111_111;

    [SkippableFact]
    public async Task DataFolder_InUse_IsForItsOwnerOnly()
    {
        Skip.If(OperatingSystem.IsWindows(), "Windows has no modes.");
        await using var host = await FullHost.StartAsync();
        var session = BatchSamples.NewSession();
        await host.RecordAsync(session, BatchSamples.Create(session, WindowId.Create(TimeProvider.System)));
        await host.SweepAsync();
        await host.Services.GetRequiredService<KeyRotation>().RotateAsync(default);
        await host.GetAsync("api/sessions");

        var entries = Directory.GetFileSystemEntries(host.DataFolder, "*", SearchOption.AllDirectories).Append(host.DataFolder).ToList();

        var names = entries.Select(entry => Path.GetFileName(entry)).ToHashSet();
        Assert.Superset(
            new HashSet<string> { "queue.db", "queue.db-wal", "queue.db-shm", "catalog.db", "catalog.db-wal", "audit.db", "audit.db-wal",
                "keys.db", "keys.db-wal", "key-ring.json", "key-ring.json.lock", "blobs" },
            names);
        Assert.Contains(names, name => name.EndsWith("_encrypted.bin", StringComparison.Ordinal));
        Assert.All(entries, entry => Assert.True(OperatingSystem.IsWindows() || (File.GetUnixFileMode(entry) & OfOthers) == 0, entry));
    }
}
