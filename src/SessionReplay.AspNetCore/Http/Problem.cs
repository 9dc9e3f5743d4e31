namespace SessionReplay.AspNetCore;

/// <summary>The body of a problem (RFC 9457, docs/http-api.md).</summary>
/// <param name="Type">A URI that names the kind of problem.</param>
/// <param name="Title">What happened.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Detail">What to do, or what exactly is wrong.</param>
/// <param name="Code">The kind of problem in one word with hyphens.</param>
internal sealed record Problem(string Type, string Title, int Status, string? Detail, string Code)
{
    /// <summary>The rule of the format that is broken.</summary>
    public string? Rule { get; init; }

    /// <summary>Whether sending it again is of no use; <see langword="null"/> if it may help.</summary>
    public bool? Final { get; init; }

    /// <summary>The dependency that is unavailable.</summary>
    public string? Unavailable { get; init; }

    public static Problem Create(int status, string code, string title, string? detail) =>
        new($"https://sessionreplay.dev/problems/{code}", title, status, detail, code);
}
