namespace SessionReplay.AspNetCore;

/// <summary>Finds the name that was probably meant.</summary>
internal static class NearestName
{
    private const int MaxLength = 64;

    /// <returns>The known name with the fewest letters to change, or <see langword="null"/> when none is near.</returns>
    public static string? Find(string name, IEnumerable<string> known)
    {
        if (name.Length > MaxLength)
        {
            return null;
        }

        var (distance, nearest) = known.Select(each => (Distance(name.ToUpperInvariant(), each.ToUpperInvariant()), (string?)each)).Order()
            .FirstOrDefault((int.MaxValue, null));
        return distance <= Math.Max(2, name.Length / 3) ? nearest : null;
    }

    /// <summary>Letters put in, taken out or replaced (Levenshtein).</summary>
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var (diagonal, left) = (row[0], i);
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                left = Math.Min(Math.Min(left, row[j]) + 1, diagonal + (from[i - 1] == to[j - 1] ? 0 : 1));
                (diagonal, row[j]) = (row[j], left);
            }
        }

        return row[^1];
    }
}
