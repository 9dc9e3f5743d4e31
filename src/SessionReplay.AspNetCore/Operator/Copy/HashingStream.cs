using System.Security.Cryptography;
using SessionReplay.Streams;

namespace SessionReplay.AspNetCore.Operator.Copy;

/// <summary>Hashes what is read through it.</summary>
internal sealed class HashingStream(Stream inner) : ForwardOnlyStream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public override long Length => inner.Length;

    /// <summary>Reads what is left, and gives the SHA-256 of all.</summary>
    public async ValueTask<byte[]> FinishAsync(Memory<byte> buffer, CancellationToken cancellationToken)
    {
        while (await ReadAsync(buffer, cancellationToken).ConfigureAwait(false) > 0)
        {
        }

        return _hash.GetHashAndReset();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken).ConfigureAwait(false);
        _hash.AppendData(buffer.Span[..read]);
        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }
}
