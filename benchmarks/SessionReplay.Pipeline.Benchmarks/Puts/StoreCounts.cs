namespace SessionReplay.Pipeline.Benchmarks.Puts;

/// <summary>Requests to the blob store.</summary>
internal sealed class StoreCounts
{
    public long Puts;
    public long Gets;
    public long Lists;
    public long Deletes;
    public long PutBytes;
}
