namespace SessionReplay.Fidelity;

/// <summary>What differs between a page and its replay at a moment.</summary>
/// <param name="Mode">How the player came to the moment.</param>
/// <param name="Aspect">What was compared.</param>
/// <param name="Moment">The moment's number: 0 is the page as it was loaded.</param>
/// <param name="Details">One line for each difference.</param>
internal sealed record Finding(string Mode, string Aspect, int Moment, IReadOnlyList<string> Details)
{
    public override string ToString() =>
        $"{Mode} {Aspect} at moment {Moment}: {Details.Count} differences\n    {string.Join("\n    ", Details.Take(6).Select(line => line.Length > 700 ? line[..700] : line))}";
}
