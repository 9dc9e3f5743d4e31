using System.Globalization;
using System.Text;

namespace SessionReplay.Queues;

/// <summary>The bounds that the contract of the queue sets, for what callers give and for what others have put into a queue.</summary>
internal static class QueueArguments
{
    private const int MaxNameLength = 128;
    private const int MaxReasonLength = 1024;
    private const int MaxBatch = 1000;

    /// <summary>More than any option allows, and far from where a sum of two runs over.</summary>
    private const int MaxCount = 1_000_000;

    /// <exception cref="ArgumentException">
    /// The id or the partition key is longer than the contract allows, or empty, or not ASCII.
    /// </exception>
    internal static void Check(QueueMessage message)
    {
        CheckName(message.Id, "id");
        CheckName(message.PartitionKey, "partition key");
    }

    /// <exception cref="MessageTooLargeException">The body is larger than the queue accepts.</exception>
    internal static void CheckSize(QueueMessage message, int limit)
    {
        if (message.Body.Length > limit)
        {
            throw new MessageTooLargeException(message.Body.Length, limit);
        }
    }

    /// <exception cref="ArgumentOutOfRangeException">It is not from 1 to 1,000.</exception>
    internal static void CheckBatch(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, MaxBatch);
    }

    /// <summary>Truncates a reason to the length that is kept.</summary>
    internal static string KeepReason(string reason)
    {
        ArgumentNullException.ThrowIfNull(reason);
        return reason.Length <= MaxReasonLength ? reason : reason[..MaxReasonLength];
    }

    /// <summary>
    /// Reads a name from a message that anybody may have sent: another one takes the place of what no publish would have let through.
    /// </summary>
    internal static string ReadName(string? name, string other) => IsName(name) ? name! : other;

    /// <summary>Reads digits that anybody may have written; 0 where there are none.</summary>
    internal static long ReadNumber(string? digits) =>
        long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;

    /// <summary>Reads a number of attempts from a message that anybody may have sent.</summary>
    internal static int ReadCount(long count) => (int)Math.Clamp(count, 0, MaxCount);

    /// <summary>Reads a time from a message that anybody may have sent, in ms since the Unix epoch.</summary>
    internal static DateTimeOffset ReadTime(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(
        Math.Clamp(milliseconds, 0, DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()));

    /// <summary>Gets the age of a message; <see langword="null"/> where it does not say when it was published.</summary>
    internal static TimeSpan? Age(long publishedAt, DateTimeOffset now) => publishedAt <= 0 ? null : Age(ReadTime(publishedAt), now);

    /// <summary>Gets an age, which is never below zero: clocks differ.</summary>
    internal static TimeSpan Age(DateTimeOffset since, DateTimeOffset now) => since < now ? now - since : TimeSpan.Zero;

    private static void CheckName(string? value, string what)
    {
        if (!IsName(value))
        {
            throw new ArgumentException($"The message's {what} must have 1 to {MaxNameLength} ASCII characters.");
        }
    }

    private static bool IsName(string? value) => value is { Length: > 0 and <= MaxNameLength } && Ascii.IsValid(value);
}
