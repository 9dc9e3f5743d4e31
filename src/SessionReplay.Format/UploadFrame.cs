
namespace SessionReplay.Format;

/// <summary>The frame of an upload: the session's secret in front of the content (docs/format/v1.md, section 2.1).</summary>
public static class UploadFrame
{
    /// <summary>The size of the frame, which is all there is of a request to forget.</summary>
    public const int Size = 4 + SessionSecret.Size;

    /// <returns>The secret and the content: the list of batches, an asset, or names of assets.</returns>
    /// <exception cref="FormatRejectedException">Rule U1 is broken.</exception>
    public static (SessionSecret Secret, Memory<byte> Content) Read(Memory<byte> upload) => upload.Length > Size
        ? (ReadSecret(upload.Span), upload[Size..])
        : throw new FormatRejectedException("U1", "The upload has no content behind its frame.");

    /// <returns>The secret of a request to forget.</returns>
    /// <exception cref="FormatRejectedException">Rule U1 is broken.</exception>
    public static SessionSecret ReadSecret(ReadOnlySpan<byte> upload) => upload.Length >= Size && upload.StartsWith("SRU1"u8)
        ? new(upload.Slice(4, SessionSecret.Size))
        : throw new FormatRejectedException("U1", "The upload does not begin with the magic and the session's secret.");
}
