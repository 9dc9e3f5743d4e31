using Microsoft.Extensions.Options;

namespace SessionReplay.AspNetCore.Ingest;

/// <summary>
/// Bounds what all requests at work hold together. A few KB of gzip may expand to the greatest batch: without a bound in sum one address, within its rate,
/// could have a process hold hundreds of them at once.
/// </summary>
internal sealed class IngestMemory(IOptions<SessionReplayOptions> options)
{
    private long _held;

    private long MaxBytes => options.Value.Ingest.MaxMemoryBytes;

    /// <summary>Begins the account of one request; what it took is given back when the account is disposed.</summary>
    public Account Open() => new(this);

    internal sealed class Account(IngestMemory memory) : IDisposable
    {
        private long _bytes;

        /// <summary>Takes more. Who comes alone gets what he asks for: it is within the bound of one request.</summary>
        /// <exception cref="IngestRejectedException">Others hold too much at the moment.</exception>
        public void Take(long bytes)
        {
            _bytes += bytes;
            var held = Interlocked.Add(ref memory._held, bytes);
            if (held > memory.MaxBytes && held != _bytes)
            {
                throw IngestProblems.Unavailable("overloaded", "This process works on as much as it may at once.");
            }
        }

        /// <summary>Takes what a body expands to, if it is a gzip member.</summary>
        /// <exception cref="IngestRejectedException">Others hold too much at the moment.</exception>
        public void TakeExpansion(ReadOnlySpan<byte> body, int limit)
        {
            if (GzipMember.IsGzip(body))
            {
                Take(Math.Min(GzipMember.ToldLength(body), limit));
            }
        }

        public void Dispose()
        {
            Interlocked.Add(ref memory._held, -_bytes);
            _bytes = 0;
        }
    }
}
