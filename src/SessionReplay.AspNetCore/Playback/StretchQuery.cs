using System.Globalization;
using Microsoft.AspNetCore.Http;
using SessionReplay.Catalog;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>The stretches of chunks that a request names, for instance <c>stretch={window}.0-12</c>.</summary>
internal static class StretchQuery
{
    public const string Name = "stretch";

    public const string Expected =
        "given 1 to 32 times, each time {window}.{first}-{last} with the window's id and two seqs, the second not smaller than the first; "
        + "stretches of a window must not overlap";

    private const int MaxStretches = 32;

    /// <returns>The stretches as they were asked for; <see langword="null"/> when they are not as <see cref="Expected"/> says.</returns>
    public static IReadOnlyList<ChunkStretch>? TryRead(IQueryCollection query)
    {
        var values = query[Name];
        if (values.Count is < 1 or > MaxStretches)
        {
            return null;
        }

        var stretches = new List<ChunkStretch>(values.Count);
        foreach (var value in values)
        {
            if (!TryReadStretch(value, out var stretch) || stretches.Exists(other => Overlap(other, stretch)))
            {
                return null;
            }

            stretches.Add(stretch);
        }

        return stretches;
    }

    private static bool TryReadStretch(string? text, out ChunkStretch stretch)
    {
        stretch = default;
        if (text?.Split('.', 3) is not [var window, var seqs] || seqs.Split('-', 3) is not [var first, var last]
            || !WindowId.TryParse(window, out var id) || !TryReadSeq(first, out var from) || !TryReadSeq(last, out var to) || to < from)
        {
            return false;
        }

        stretch = new(id, from, to);
        return true;
    }

    private static bool TryReadSeq(string text, out uint seq) =>
        uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out seq);

    private static bool Overlap(ChunkStretch one, ChunkStretch other) =>
        one.Window == other.Window && one.First <= other.Last && other.First <= one.Last;
}
