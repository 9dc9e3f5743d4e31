using SessionReplay.Streams;

namespace SessionReplay.Storage.Gcs;

/// <summary>Reads an upload and throws if it does not have the declared length, so that no object is written short.</summary>
internal sealed class ExactUploadStream(Stream content, long length) : ForwardOnlyStream
{
    private long _read;

    protected override long BytesRead => _read;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await content.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _read += read;
        return _read <= length && (read > 0 || buffer.Length == 0 || _read == length)
            ? read
            : throw new ArgumentException($"The content does not have the declared length of {length} bytes.", nameof(content));
    }
}
