namespace SessionReplay.Queues;

/// <summary>What a look for messages found.</summary>
/// <param name="Messages">The leased messages.</param>
/// <param name="NextDue">When there is none: the time in ms at which the next one is due, or <see langword="null"/>.</param>
internal readonly record struct Claim(IReadOnlyList<ClaimedMessage> Messages, long? NextDue);
