namespace SessionReplay.AspNetCore.Ingest;

/// <summary>A batch of an upload.</summary>
/// <param name="Secret">The upload's secret.</param>
/// <param name="Body">The batch as it was sent.</param>
/// <param name="Sent">The page's clock when the upload was sent.</param>
/// <param name="ReceivedAt">The server's clock when the upload had arrived.</param>
/// <param name="IsFurther">Whether it is not the first of the upload.</param>
internal sealed record SentBatch(SessionSecret Secret, Memory<byte> Body, long? Sent, long ReceivedAt, bool IsFurther);
