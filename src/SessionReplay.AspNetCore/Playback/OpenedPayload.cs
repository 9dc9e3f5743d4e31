using SessionReplay.Format;

namespace SessionReplay.AspNetCore.Playback;

/// <summary>Unpacks what was sealed compressed (rule C7), in pooled memory that is cleared.</summary>
internal static class OpenedPayload
{
    /// <param name="payload">The gzip member.</param>
    /// <param name="length">What the authentic header says it unpacks to.</param>
    /// <param name="limit">The largest size.</param>
    /// <returns>The content; the caller disposes it.</returns>
    /// <exception cref="FormatRejectedException">Rule C7 is broken.</exception>
    public static PooledBuffer Decompress(ReadOnlyMemory<byte> payload, uint length, int limit)
    {
        if (length > limit)
        {
            throw new FormatRejectedException("C7", "The content is larger than the limit.");
        }

        PooledBuffer content;
        try
        {
            content = GzipMember.Expand(payload, (int)length, SharedBufferPool.Instance);
        }
        catch (FormatRejectedException)
        {
            throw new FormatRejectedException("C7", "The payload cannot be decompressed, or to more than its header says.");
        }

        if (content.Length == length)
        {
            return content;
        }

        content.Dispose();
        throw new FormatRejectedException("C7", "The payload does not decompress to the length that its header says.");
    }
}
