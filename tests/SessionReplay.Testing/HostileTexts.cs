namespace SessionReplay.Testing;

/// <summary>
/// Texts that some database, index or encoding has trouble with. They come from one seed, so that a failure can be repeated.
/// </summary>
public static class HostileTexts
{
    private static readonly (string Name, string Characters)[] Alphabets =
    [
        ("one byte", "aZ09-_~"), ("quotes and wildcards", "'\"\\%_;$`"), ("controls", "\u0001\u001f\u007f\u0085\u2028\t\r\n"),
        ("NUL", "\0a"),
        ("two bytes", "éßøđ"), ("right to left", "\u05D0\u0634\u202E\u2067"), ("CJK", "漢字仮名交混文本龍鳳"), ("compatibility", "ﬁŉİıſﬃ①"),
        ("combining", "e\u0301\u0327\u0489\u200D"), ("half of a pair", "\uD83D\uDE00x"), ("no character", "\uFFFE\uFFFF\uFDD0"),
    ];

    /// <summary>Characters of four bytes each.</summary>
    private static readonly string[] FourBytes = ["😀", "𐍈", "𝕏", "\U0010FFFF", "🏴", "𠜎"];

    /// <summary>Makes texts of each alphabet, incompressible, at and around a number of bytes.</summary>
    /// <param name="bytes">The bound that is tried.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>Names and texts.</returns>
    public static IEnumerable<(string Name, string Text)> Around(int bytes, int seed = 1)
    {
        var random = new Random(seed);
        yield return ("empty", string.Empty);
        yield return ("blank", "   ");
        foreach (var length in new[] { 1, bytes / 4, bytes / 3, bytes / 2, bytes - 1, bytes, bytes + 1, bytes * 4 })
        {
            foreach (var (name, characters) in Alphabets)
            {
                yield return ($"{name} x {length}", string.Create(length, 0, (span, _) => random.GetItems<char>(characters, span)));
            }

            yield return ($"four bytes x {length}", string.Concat(random.GetItems(FourBytes, length)));
        }

        // Nothing that a database could compress into its limit.
        yield return ("all of CJK", string.Create(bytes, 0, (span, _) =>
        {
            foreach (ref var c in span)
            {
                c = (char)random.Next(0x4E00, 0x9FFF);
            }
        }));
    }
}
