namespace SessionReplay.AspNetCore.Playback;

/// <summary>A message that was set aside.</summary>
internal sealed record DeadLetterJson(string MessageId, string Reason, int Attempts, long DeadLetteredAt, long Bytes);
