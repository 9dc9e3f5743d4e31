using System.IO.Compression;
using Google.Protobuf;
using SessionReplay.Testing;
using SessionReplay.Wire;

namespace SessionReplay.LoadGenerator.Abuse;

/// <summary>The batches of one visitor who walks through the recorded pages.</summary>
/// <param name="number">The visitor's number: each begins at another place.</param>
internal sealed class VisitorBatches(int number)
{
    private const int EventsPerBatch = 100;

    private readonly Guid _session = Guid.CreateVersion7();
    private static readonly IReadOnlyList<RecordedBlock> Recorded = [
        .. Corpus.Read().SelectMany(page => page.Blocks(EventsPerBatch))];
    private readonly Guid _window = Guid.CreateVersion7();
    private uint _seq;

    public byte[] Next()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds();
        var batch = new EventBatch
        {
            Version = 1, SessionId = ByteString.CopyFrom(_session.ToByteArray(bigEndian: true)),
            WindowId = ByteString.CopyFrom(_window.ToByteArray(bigEndian: true)),
            Seq = _seq, RecorderVersion = "0.1.0",
            DomEvents = Recorded[(int)((number * 7L + _seq++) % Recorded.Count)].At(now),
        };
        using var stream = new MemoryStream();
        using (var gzip = new GZipStream(stream, CompressionLevel.Fastest))
        {
            batch.WriteTo(gzip);
        }

        return Upload.Batch(stream.ToArray());
    }
}
