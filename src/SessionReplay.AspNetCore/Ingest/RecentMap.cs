using System.Diagnostics.CodeAnalysis;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Remembers what was used last, in bounded memory: when a generation is full, what was not used since the one before it began is
/// forgotten. Not thread-safe.
/// </summary>
internal sealed class RecentMap<TKey, TValue>(int generation)
    where TKey : notnull
{
    private Dictionary<TKey, TValue> _current = [];
    private Dictionary<TKey, TValue> _before = [];

    /// <summary>Finds a value; it counts as used.</summary>
    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_current.TryGetValue(key, out value))
        {
            return true;
        }

        if (!_before.Remove(key, out value))
        {
            return false;
        }

        Set(key, value);
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        if (_current.Count >= generation && !_current.ContainsKey(key))
        {
            (_before, _current) = (_current, []);
        }

        _current[key] = value;
    }
}
