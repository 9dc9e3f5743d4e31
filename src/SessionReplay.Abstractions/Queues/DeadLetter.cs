namespace SessionReplay.Queues;

/// <summary>A message that was dead-lettered.</summary>
/// <param name="MessageId">The id given at publishing.</param>
/// <param name="Reason">Why it was dead-lettered.</param>
/// <param name="Attempts">How often it had been delivered.</param>
/// <param name="DeadLetteredAt">When it was dead-lettered.</param>
/// <param name="Bytes">The size of its body; 0 when only its id and reason were kept.</param>
public sealed record DeadLetter(string MessageId, string Reason, int Attempts, DateTimeOffset DeadLetteredAt, long Bytes);
