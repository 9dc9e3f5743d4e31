namespace SessionReplay.Queues.Sqs;

/// <summary>The exception thrown when the service did not take one entry of a batch.</summary>
/// <param name="code">The service's code.</param>
/// <param name="message">The service's message.</param>
/// <param name="isSenderFault">Whether the entry itself was wrong, for instance its receipt handle no longer valid.</param>
internal sealed class EntryFailedException(string code, string message, bool isSenderFault) : Exception($"{code}: {message}")
{
    /// <summary>Gets a value indicating whether sending the entry again is of no use.</summary>
    internal bool IsSenderFault { get; } = isSenderFault;
}
