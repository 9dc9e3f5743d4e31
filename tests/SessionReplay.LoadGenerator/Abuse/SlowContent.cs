using System.Net;

namespace SessionReplay.LoadGenerator.Abuse;

/// <summary>A body of which a server learns the length at once and gets 300 bytes a second: just above Kestrel's least rate.</summary>
internal sealed class SlowContent(long length, CancellationToken stopping) : HttpContent
{
    private const int BytesPerSecond = 300;

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        for (long sent = 0; sent < length; sent += BytesPerSecond)
        {
            await stream.WriteAsync(new byte[(int)Math.Min(BytesPerSecond, length - sent)], stopping);
            await stream.FlushAsync(stopping);
            await Task.Delay(TimeSpan.FromSeconds(1), stopping);
        }
    }

    protected override bool TryComputeLength(out long computed)
    {
        computed = length;
        return true;
    }
}
