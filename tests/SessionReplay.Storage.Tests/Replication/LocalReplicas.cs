using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using SessionReplay.Storage.Blobs;
using SessionReplay.Storage.Replication;
using SessionReplay.Testing;

namespace SessionReplay.Storage.Tests.Replication;

/// <summary>A replicated store on local folders that can be cut off one by one.</summary>
internal sealed class LocalReplicas : IDisposable
{
    private readonly TempFolder _folder = new();

    public LocalReplicas(int count = 2, int minCopies = 1, TimeProvider? clock = null)
    {
        var options = Options.Create(new ReplicatedStorageOptions { MinCopies = minCopies, MemberTimeout = TimeSpan.FromSeconds(20) });
        Locals = [
            .. Enumerable.Range(0, count)
                .Select(i =>
                    new LocalBlobStore(Options.Create(new LocalBlobStoreOptions { Path = _folder.File($"m{i}") }), TimeProvider.System))];
        Members = [.. Locals.Select(local => new InterruptibleBlobStore(local))];
        Set = new([.. Members.Select((store, i) => new Replica($"m{i}", store, null, options.Value, clock ?? Clock))], []);
        var missed = new MissedOperations(Set, clock ?? Clock);
        NewReconciler = () => new(Set, missed, options, clock ?? Clock, NullLogger<Reconciler>.Instance);
        Store = new(Set, missed, options, NullLogger<ReplicatedBlobStore>.Instance);
        Reconciler = NewReconciler();
    }

    public FakeTimeProvider Clock { get; } = new(TimeProvider.System.GetUtcNow());

    public IReadOnlyList<LocalBlobStore> Locals { get; }

    public IReadOnlyList<InterruptibleBlobStore> Members { get; }

    public ReplicaSet Set { get; }

    public ReplicatedBlobStore Store { get; }

    public Reconciler Reconciler { get; }

    /// <summary>Makes the reconciler of another process.</summary>
    public Func<Reconciler> NewReconciler { get; }

    public async Task PutAsync(string key, params byte[] content)
    {
        using var stream = new MemoryStream(content);
        await Store.PutAsync(key, stream, content.Length, default);
        Clock.Advance(TimeSpan.FromMilliseconds(5));
    }

    public static async Task<byte[]> ReadAsync(IBlobStore store, string key)
    {
        await using var stream = await store.OpenReadAsync(key, 0, null, default);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy);
        return copy.ToArray();
    }

    public static async Task<IReadOnlyList<string>> KeysAsync(IBlobStore store, string prefix = "")
    {
        var keys = new List<string>();
        await foreach (var blob in store.ListAsync(prefix, default))
        {
            keys.Add(blob.Key);
        }

        return [.. keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>The application's objects on one member.</summary>
    public async Task<IReadOnlyList<string>> HeldByAsync(int member) =>
        [.. (await KeysAsync(Locals[member])).Where(key => !key.StartsWith(MissedOperations.Prefix, StringComparison.Ordinal))];

    /// <summary>All members back, and their suspension over.</summary>
    public void BringBack()
    {
        foreach (var member in Members)
        {
            member.IsOut = member.IsHanging = false;
        }

        Clock.Advance(TimeSpan.FromMinutes(1));
    }

    /// <summary>Passes until no note is left.</summary>
    public async Task CatchUpAsync()
    {
        for (var pass = 0; pass < 20; pass++)
        {
            await Reconciler.RunAsync(default);
            Clock.Advance(TimeSpan.FromMinutes(1));
            if (pass > 1 && Set.Members.All(member => !member.IsBehind))
            {
                return;
            }
        }

        Assert.Fail("Something is still noted after 20 passes.");
    }

    public void Dispose() => _folder.Dispose();
}
