namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>
/// Remembers for seconds which assets are stored, so that the catalog is asked once for many pages that load at a time. Not for longer:
/// another process may delete an asset, and a page does not send what counts as stored.
/// </summary>
public sealed class AssetCache(TimeProvider clock)
{
    private const int Generation = 50_000;
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(3);

    private readonly Lock _lock = new();
    private HashSet<(TenantId, ContentHash)> _current = [];
    private HashSet<(TenantId, ContentHash)> _before = [];
    private long _since = clock.GetTimestamp();

    /// <summary>Returns whether an asset was seen as stored within the last seconds.</summary>
    public bool Contains(TenantId tenant, ContentHash hash)
    {
        lock (_lock)
        {
            Turn();
            return _current.Contains((tenant, hash)) || _before.Contains((tenant, hash));
        }
    }

    /// <summary>Notes that an asset is stored.</summary>
    public void Add(TenantId tenant, ContentHash hash)
    {
        lock (_lock)
        {
            Turn();
            _current.Add((tenant, hash));
        }
    }

    /// <summary>Notes that an asset is not stored any more.</summary>
    public void Remove(TenantId tenant, ContentHash hash)
    {
        lock (_lock)
        {
            _current.Remove((tenant, hash));
            _before.Remove((tenant, hash));
        }
    }

    private void Turn()
    {
        if (_current.Count >= Generation || clock.GetElapsedTime(_since) >= Age)
        {
            (_before, _current, _since) = (_current, [], clock.GetTimestamp());
        }
    }
}
