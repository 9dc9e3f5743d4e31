namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// The head of a batch's record. <c>Length</c> is the number of bytes of the unpacked batch. With a <c>Problem</c>, the record has no body.
/// With an <c>Offset</c> neither: the chunk's <c>Size</c> bytes are there in the object that a record before has named.
/// </summary>
internal sealed record BatchHeadJson(string Window, uint Seq)
{
    public string? Encoding { get; init; }

    public uint? Length { get; init; }

    public long? Offset { get; init; }

    public long? Size { get; init; }

    public string? Problem { get; init; }

    public string? Title { get; init; }

    public string? Rule { get; init; }
}
