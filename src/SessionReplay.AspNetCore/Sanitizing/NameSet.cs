using System.Collections.Frozen;

namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>Names whose values are taken out. Case, hyphens and underscores do not matter.</summary>
internal sealed class NameSet
{
    private const int MaxLength = 64;

    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _names;
    private readonly bool[] _endings = new bool[1024];

    public NameSet(IEnumerable<string> names)
    {
        var set = names.Select(Normalize).Where(name => name.Length is > 0 and <= MaxLength).ToFrozenSet(StringComparer.Ordinal);
        _names = set.GetAlternateLookup<ReadOnlySpan<char>>();
        foreach (var name in set)
        {
            _endings[Ending(name.Length > 1 ? name[^2] : '\0', name[^1])] = true;
        }
    }

    public bool Contains(ReadOnlySpan<byte> name)
    {
        // Nearly all names are told by their last two letters alone.
        if (name.Length < 2 || name.Length > MaxLength || !_endings[Ending((char)(name[^2] | 0x20), (char)(name[^1] | 0x20))])
        {
            return false;
        }

        Span<char> normalized = stackalloc char[MaxLength];
        var length = 0;
        foreach (var b in name)
        {
            if (b is not ((byte)'-' or (byte)'_'))
            {
                normalized[length++] = (char)(Bytes.IsUpper(b) ? b | 0x20 : b);
            }
        }

        return _names.Contains(normalized[..length]);
    }

    private static string Normalize(string name) => name.Replace("-", null, StringComparison.Ordinal).Replace("_", null, StringComparison.Ordinal).ToLowerInvariant();

    private static int Ending(char a, char b) => (((a & 31) << 5) | (b & 31)) & 1023;
}
