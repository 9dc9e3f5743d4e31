namespace SessionReplay.GuideTests;

/// <summary>A fenced block of a guide and what the comment above it says about it.</summary>
/// <param name="Apps">The applications it belongs to.</param>
/// <param name="Target">The file that it is or goes into, or <c>run</c> for commands.</param>
/// <param name="Place">
/// Where in the file it goes: <c>above</c>, <c>below</c>, <c>in place of</c> or <c>at the end</c>; empty if it is the whole file.
/// </param>
/// <param name="Anchor">How the line begins above, below or in place of which it goes.</param>
/// <param name="Lines">How many lines it replaces.</param>
/// <param name="Text">What is in the block.</param>
internal sealed record GuideBlock(IReadOnlyList<string> Apps, string Target, string Place, string Anchor, int Lines, string Text)
{
    public const string Run = "run";
}
