using SessionReplay.Storage;
using SessionReplay.Streams;

namespace SessionReplay.Pipeline.Lifecycle;

/// <summary>Reads segments one after the other, each opened when it is reached.</summary>
internal sealed class SegmentStream(IBlobStore blobs, IReadOnlyList<BlobSegment> segments) : ForwardOnlyStream
{
    private Stream? _current;
    private int _next;

    public override long Length => segments.Sum(s => s.Length);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            if (_current is not null)
            {
                var read = await _current.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
                if (read > 0 || buffer.Length == 0)
                {
                    return read;
                }

                await _current.DisposeAsync().ConfigureAwait(false);
                _current = null;
            }

            if (_next == segments.Count)
            {
                return 0;
            }

            var segment = segments[_next++];
            _current = segment.Key is null
                ? new MemoryStream(segment.Bytes.ToArray(), writable: false)
                : await blobs.OpenReadAsync(segment.Key, segment.Offset, segment.Length, cancellationToken).ConfigureAwait(false);
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _current?.Dispose();
        }

        base.Dispose(disposing);
    }
}
