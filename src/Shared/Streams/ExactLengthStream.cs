namespace SessionReplay.Streams;

/// <summary>
/// Reads a download whose length is known and throws an <see cref="IOException"/> when it ends early, whatever the client beneath throws,
/// so that a cut connection is never taken for the end of an object.
/// </summary>
/// <param name="inner">The download; disposed with this stream.</param>
/// <param name="length">The number of bytes it must have; reading stops there.</param>
/// <param name="owner">What else is disposed with this stream, for instance the response.</param>
internal sealed class ExactLengthStream(Stream inner, long length, IDisposable? owner = null) : ForwardOnlyStream
{
    private long _position;

    /// <inheritdoc/>
    public override long Length => length;

    /// <inheritdoc/>
    protected override long BytesRead => _position;

    /// <inheritdoc/>
    /// <exception cref="IOException">The download ended early.</exception>
    public override int Read(Span<byte> buffer)
    {
        int read;
        try
        {
            read = buffer.Length == 0 ? 0 : inner.Read(buffer[..Bound(buffer.Length)]);
        }
        catch (Exception e) when (IsOfTheDownload(e, default))
        {
            throw BrokeOff(e);
        }

        return Count(read, buffer.Length);
    }

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    /// <exception cref="IOException">The download ended early.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(buffer[..Bound(buffer.Length)], cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheDownload(e, cancellationToken))
        {
            throw BrokeOff(e);
        }

        return Count(read, buffer.Length);
    }

    /// <inheritdoc/>
    /// <remarks>
    /// A client may compare a checksum when a download is closed. Its error is dropped: readers authenticate what they read.
    /// </remarks>
    public override async ValueTask DisposeAsync()
    {
        try
        {
            await inner.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (IsOfTheDownload(e, default))
        {
        }

        owner?.Dispose();
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            try
            {
                inner.Dispose();
            }
            catch (Exception e) when (IsOfTheDownload(e, default))
            {
            }

            owner?.Dispose();
        }

        base.Dispose(disposing);
    }

    private int Bound(int wanted) => (int)Math.Min(wanted, length - _position);

    /// <summary>
    /// What a client throws when it cannot go on with a download (its own kinds of errors, a time-out) is for the reader one and the same.
    /// </summary>
    private static bool IsOfTheDownload(Exception e, CancellationToken cancellationToken) =>
        e is not (IOException or ObjectDisposedException or ArgumentException)
        && !(e is OperationCanceledException && cancellationToken.IsCancellationRequested);

    private IOException BrokeOff(Exception e) => new($"The download broke off after {_position} of {length} bytes.", e);

    private int Count(int read, int wanted)
    {
        if (read == 0 && wanted > 0 && _position < length)
        {
            throw new EndOfStreamException($"The download ended after {_position} of {length} bytes.");
        }

        _position += read;
        return read;
    }
}
