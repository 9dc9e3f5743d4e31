namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// The head of a batch's record. <c>Length</c> is the number of bytes of the unpacked batch. With a <c>Problem</c>, the record has no body.
/// </summary>
internal sealed record BatchHeadJson(string Window, uint Seq)
{
    public string? Encoding { get; init; }

    public uint? Length { get; init; }

    public string? Problem { get; init; }

    public string? Title { get; init; }

    public string? Rule { get; init; }
}
