using System.Buffers;
using SessionReplay.Catalog;
using SessionReplay.Format;
using SessionReplay.Keys;
using SessionReplay.Storage;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>Copies an object as it is, and reads it back: its bytes are those of the source, and each chunk in it opens.</summary>
internal sealed class ObjectCopy(IBlobStore source, IBlobStore target, CopyReport report)
{
    private const int BufferSize = 64 * 1024;

    /// <param name="session">The session.</param>
    /// <param name="key">The object.</param>
    /// <param name="chunks">The session's chunks in it.</param>
    /// <param name="isThere">Whether the target has an object of that key and length.</param>
    /// <param name="cipher">Opens the chunks, with the target's key.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    /// <exception cref="FormatRejectedException">The source's object, or what the catalog says of it, is not authentic.</exception>
    /// <exception cref="BlobNotFoundException">The object is gone.</exception>
    public async ValueTask CopyAsync(
        SessionRef session, string key, List<ChunkRow> chunks, bool isThere, ISessionCipher cipher, CancellationToken cancellationToken)
    {
        var expected = isThere
            ? await HashAsync(source, key, cancellationToken).ConfigureAwait(false)
            : await PutAsync(key, cancellationToken).ConfigureAwait(false);
        chunks.Sort(static (a, b) => a.Location.Offset.CompareTo(b.Location.Offset));
        if (isThere && !await HasAsync(key, expected, cancellationToken).ConfigureAwait(false))
        {
            report.Repaired(key);
            expected = await PutAsync(key, cancellationToken).ConfigureAwait(false);
        }

        if (!IsSame(expected, await ReadBackAsync(session, key, chunks, cipher, cancellationToken).ConfigureAwait(false)))
        {
            throw new BlobStoreUnavailableException(
                $"The target gives other bytes for {key} than were written. Check its disks, then run the command again.");
        }
    }

    /// <summary>A store that checks what it gives out breaks a changed object's download off.</summary>
    private async ValueTask<bool> HasAsync(string key, byte[] hash, CancellationToken cancellationToken)
    {
        try
        {
            return IsSame(hash, await HashAsync(target, key, cancellationToken).ConfigureAwait(false));
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static bool IsSame(byte[] one, byte[] other) => one.AsSpan().SequenceEqual(other);

    private static async ValueTask<byte[]> HashAsync(IBlobStore blobs, string key, CancellationToken cancellationToken)
    {
        using var content = new HashingStream(await blobs.OpenReadAsync(key, 0, null, cancellationToken).ConfigureAwait(false));
        return await FinishAsync(content, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<byte[]> PutAsync(string key, CancellationToken cancellationToken)
    {
        using var content = new HashingStream(await source.OpenReadAsync(key, 0, null, cancellationToken).ConfigureAwait(false));
        await target.PutAsync(key, content, content.Length, cancellationToken).ConfigureAwait(false);
        report.Wrote(content.Length);
        return await FinishAsync(content, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<byte[]> ReadBackAsync(
        SessionRef session, string key, List<ChunkRow> chunks, ISessionCipher cipher, CancellationToken cancellationToken)
    {
        using var content = new HashingStream(await target.OpenReadAsync(key, 0, null, cancellationToken).ConfigureAwait(false));
        long position = 0;
        foreach (var chunk in chunks)
        {
            await SkipAsync(content, chunk.Location.Offset - position, cancellationToken).ConfigureAwait(false);
            await OpenAsync(content, session, chunk, cipher, cancellationToken).ConfigureAwait(false);
            position = chunk.Location.Offset + chunk.Location.Length;
        }

        return await FinishAsync(content, cancellationToken).ConfigureAwait(false);
    }

    private static async ValueTask OpenAsync(
        HashingStream content, SessionRef session, ChunkRow chunk, ISessionCipher cipher, CancellationToken cancellationToken)
    {
        if (chunk.Location.Length is < ChunkHeader.Size + ChunkHeader.TagSize or > int.MaxValue)
        {
            throw new FormatRejectedException("R3", "The catalog names a place for a chunk that cannot be.");
        }

        var length = (int)chunk.Location.Length;
        using var buffer = new PooledBuffer(SharedBufferPool.Instance, length);
        try
        {
            await content.ReadExactlyAsync(buffer.GetMemory(length)[..length], cancellationToken).ConfigureAwait(false);
        }
        catch (EndOfStreamException)
        {
            throw new FormatRejectedException("R3", "The place of a chunk lies outside of its object.");
        }

        buffer.Advance(length);
        var payload = buffer.WrittenMemory[ChunkHeader.Size..^ChunkHeader.TagSize];
        var header = cipher.Open(new(session.Tenant, session.Session, chunk.Window, chunk.Seq), buffer.WrittenSpan, payload.Span);
        if (header.Digest != chunk.Digest)
        {
            throw new FormatRejectedException("C6", "The catalog's row of a chunk is not authentic.");
        }
    }

    private static async ValueTask SkipAsync(HashingStream content, long count, CancellationToken cancellationToken)
    {
        if (count < 0)
        {
            throw new FormatRejectedException("R3", "The catalog has two chunks in one place.");
        }

        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (int read; count > 0; count -= read)
            {
                read = await content.ReadAsync(buffer.AsMemory(0, (int)Math.Min(count, BufferSize)), cancellationToken)
                    .ConfigureAwait(false);
                if (read == 0)
                {
                    throw new FormatRejectedException("R3", "The place of a chunk lies outside of its object.");
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static async ValueTask<byte[]> FinishAsync(HashingStream content, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            return await content.FinishAsync(buffer, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
