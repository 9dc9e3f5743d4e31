using SessionReplay.Streams;

namespace SessionReplay.Storage.Replication;

/// <summary>Reads a range of an object; when the member that gives it breaks off, the next one goes on at the byte that is due.</summary>
internal sealed class FailoverStream(ReplicatedBlobStore store, string key, long offset, long? length, Stream first, Replica firstMember)
    : ForwardOnlyStream
{
    private readonly List<Replica> _failed = [];
    private readonly long? _total = length ?? LengthOf(first);
    private Stream _current = first;
    private Replica _member = firstMember;
    private long _position;

    public override long Length => _total ?? throw new NotSupportedException();

    protected override long BytesRead => _position;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            try
            {
                var read = await _member.CallAsync((_, token) => _current.ReadAsync(buffer, token), buffer.Length, cancellationToken)
                    .ConfigureAwait(false);
                if (read == 0 && buffer.Length > 0 && _position < _total)
                {
                    throw new BlobStoreUnavailableException($"The object '{key}' ended after {_position} of {_total} bytes.");
                }

                _position += read;
                return read;
            }
            catch (BlobStoreUnavailableException e)
            {
                await GoOnAsync(e, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _current.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current.Dispose();
        }

        base.Dispose(disposing);
    }

    private static long? LengthOf(Stream stream)
    {
        try
        {
            return stream.Length;
        }
        catch (NotSupportedException)
        {
            return null;
        }
    }

    /// <exception cref="IOException">No member can go on: a reading that has begun ends as a broken download does.</exception>
    private async ValueTask GoOnAsync(BlobStoreUnavailableException error, CancellationToken cancellationToken)
    {
        store.Broken(_member, error);
        _failed.Add(_member);
        try
        {
            var (stream, member) = await store.OpenAsync(key, offset + _position, _total - _position, _failed, cancellationToken)
                .ConfigureAwait(false);
            await _current.DisposeAsync().ConfigureAwait(false);
            (_current, _member) = (stream, member);
        }
        catch (Exception e) when (e is BlobStoreUnavailableException or BlobNotFoundException or ArgumentOutOfRangeException)
        {
            throw new IOException(
                $"The reading of '{key}' broke off after {_position} bytes, and no other member could go on: {e.Message}", error);
        }
    }
}
