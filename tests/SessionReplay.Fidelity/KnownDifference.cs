namespace SessionReplay.Fidelity;

/// <summary>A difference of a page's replay that is expected.</summary>
internal sealed record KnownDifference(IReadOnlyList<string> Modes, IReadOnlyList<string> Aspects, string Reason)
{
    /// <summary>Reads <c>MODES ASPECTS: reason</c>.</summary>
    public static KnownDifference Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var words = text[..Math.Max(colon, 0)].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length != 2 || text[(colon + 1)..].Trim() is not { Length: > 0 } reason)
        {
            throw new FormatException($"Not of the form 'MODES ASPECTS: reason': {text}");
        }

        string[] modes = words[0] == "both" ? Replay.Modes : words[0].Split(',');
        var aspects = words[1].Split(',');
        return modes.Except(Replay.Modes).Concat(aspects.Except(Picture.Aspects)).FirstOrDefault() is { } unknown
            ? throw new FormatException($"'{unknown}' is not a mode or aspect: {text}")
            : new KnownDifference(modes, aspects, reason);
    }

    public IEnumerable<(string Mode, string Aspect)> Places => Modes.SelectMany(mode => Aspects.Select(aspect => (mode, aspect)));
}
