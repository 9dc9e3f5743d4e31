namespace SessionReplay.AspNetCore.Playback;

/// <summary>A dead letter.</summary>
internal sealed record DeadLetterJson(string MessageId, string Reason, int Attempts, long DeadLetteredAt, long Bytes);
