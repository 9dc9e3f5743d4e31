namespace SessionReplay.AspNetCore.Playback;

/// <summary>
/// The head of a record that refers to an object: the records behind it have no body, and say where their chunk is in the object.
/// </summary>
/// <param name="Url">Where the browser reads the object.</param>
/// <param name="Offset">The first byte of the object that the answer refers to.</param>
/// <param name="Length">How many bytes it refers to.</param>
/// <param name="ChunkKey">The session's chunk key, in Base64.</param>
/// <param name="Commitment">The commitment to it, which is in the header of each chunk, in Base64.</param>
internal sealed record ObjectHeadJson(string Url, long Offset, long Length, string ChunkKey, string Commitment)
{
    public const int KeySize = 32;
    public const int CommitmentSize = 16;
}
