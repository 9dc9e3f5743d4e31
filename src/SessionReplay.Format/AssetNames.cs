using System.Text;

namespace SessionReplay.Format;

/// <summary>Finds the names of assets in a batch or in the content of an asset, wherever they are (docs/format/v1.md, section 5).</summary>
public static class AssetNames
{
    /// <summary>How many assets a batch or an asset may name.</summary>
    public const int MaxNames = 1_024;

    private const int HashLength = 64;

    /// <returns>The distinct names; <see langword="null"/> when there are more than <see cref="MaxNames"/>.</returns>
    public static IReadOnlyList<ContentHash>? Find(ReadOnlySpan<byte> content)
    {
        var prefix = "sr-asset:"u8;
        var names = new HashSet<ContentHash>();
        for (int at; (at = content.IndexOf(prefix)) >= 0;)
        {
            content = content[(at + prefix.Length)..];
            if (content.Length < HashLength || !ContentHash.TryParse(Encoding.ASCII.GetString(content[..HashLength]), out var hash))
            {
                continue;
            }

            if (names.Add(hash) && names.Count > MaxNames)
            {
                return null;
            }
        }

        return [.. names];
    }
}
