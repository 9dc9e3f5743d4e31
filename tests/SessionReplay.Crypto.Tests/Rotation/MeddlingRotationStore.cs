using SessionReplay.Keys;

namespace SessionReplay.Crypto.Tests.Rotation;

/// <summary>Does something once, between the first listing and what follows from it.</summary>
internal sealed class MeddlingRotationStore(IKeyRotationStore inner, Func<Task> meddle) : IKeyRotationStore
{
    private Func<Task>? _meddle = meddle;

    public async ValueTask<IReadOnlyList<DataKeyEntry>> ListNotWrappedByAsync(
        string keyEncryptionKeyId, DataKeyId? after, int limit, CancellationToken cancellationToken)
    {
        var listed = await inner.ListNotWrappedByAsync(keyEncryptionKeyId, after, limit, cancellationToken);
        if (Interlocked.Exchange(ref _meddle, null) is { } once)
        {
            await once();
        }

        return listed;
    }

    public ValueTask<bool> TryReplaceAsync(DataKeyEntry expected, WrappedKey replacement, CancellationToken cancellationToken) =>
        inner.TryReplaceAsync(expected, replacement, cancellationToken);

    public ValueTask<bool> TryRemoveAsync(DataKeyEntry expected, CancellationToken cancellationToken) =>
        inner.TryRemoveAsync(expected, cancellationToken);
}
