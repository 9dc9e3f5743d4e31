using System.Text.Json;

namespace SessionReplay.Fidelity;

/// <summary>What a page looks like at a moment.</summary>
/// <param name="Time">Ms since the epoch.</param>
/// <param name="Parts">By aspect: what each node is, by its path.</param>
/// <param name="Pixels">A screenshot as PNG.</param>
internal sealed record Picture(double Time, IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Parts, byte[] Pixels)
{
    public const string PixelAspect = "pixels";

    public static readonly string[] Aspects = ["dom", "boxes", "styles", PixelAspect];

    public static Picture Of(JsonElement captured, byte[] pixels) => new(
        captured.GetProperty("time").GetDouble(),
        Aspects[..3].ToDictionary(
            aspect => aspect,
            aspect =>
                (IReadOnlyDictionary<string, string>)captured.GetProperty(aspect).EnumerateObject()
                    .ToDictionary(p => p.Name, p => p.Value.GetString()!)),
        pixels);

    /// <summary>Gives what differs in an aspect, by path.</summary>
    public IEnumerable<string> Differences(Picture other, string aspect)
    {
        var (mine, theirs) = (Parts[aspect], other.Parts[aspect]);
        foreach (var (path, value) in mine)
        {
            if (!theirs.TryGetValue(path, out var replayed))
            {
                yield return $"{path}: missing in the replay ({value})";
            }
            else if (value != replayed)
            {
                yield return $"{path}: {Difference(value, replayed)}";
            }
        }

        foreach (var path in theirs.Keys.Where(path => !mine.ContainsKey(path)))
        {
            yield return $"{path}: only in the replay ({theirs[path]})";
        }
    }

    /// <summary>Of a list of properties, those that differ.</summary>
    private static string Difference(string live, string replay)
    {
        var (mine, theirs) = (live.Split("; "), replay.Split("; "));
        return mine.Length == 1
            ? $"live {live} | replay {replay}"
            : $"live {string.Join("; ", mine.Except(theirs))} | replay {string.Join("; ", theirs.Except(mine))}";
    }
}
