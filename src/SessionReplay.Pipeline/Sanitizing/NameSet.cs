using System.Collections.Frozen;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Whole names. Case, hyphens and underscores do not matter.</summary>
internal sealed class NameSet
{
    private readonly FrozenSet<string> _names;

    public NameSet(IEnumerable<string> names) =>
        _names = names.Select(Normalize).Where(name => name.Length is > 0 and <= NameWords.MaxLength).ToFrozenSet(StringComparer.Ordinal);

    public bool Contains(ReadOnlySpan<byte> name)
    {
        if (_names.Count == 0 || name.Length > NameWords.MaxLength)
        {
            return false;
        }

        Span<char> normalized = stackalloc char[NameWords.MaxLength];
        var length = 0;
        foreach (var b in name)
        {
            if (b is not ((byte)'-' or (byte)'_'))
            {
                normalized[length++] = (char)(Bytes.IsUpper(b) ? b | 0x20 : b);
            }
        }

        return _names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(normalized[..length]);
    }

    private static string Normalize(string name) =>
        name.Replace("-", null, StringComparison.Ordinal).Replace("_", null, StringComparison.Ordinal).ToLowerInvariant();
}
