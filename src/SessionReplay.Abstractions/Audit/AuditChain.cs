using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace SessionReplay.Audit;

/// <summary>
/// Computes the hash that chains a row of the audit log to the row before; the same for every implementation, so that a log can be moved.
/// </summary>
public static class AuditChain
{
    /// <summary>The size of a hash in bytes.</summary>
    public const int HashSize = 32;

    /// <summary>
    /// Computes the hash of a row: SHA-256 over the hash before, the row's number, its time in ms, and each text with its length.
    /// </summary>
    /// <param name="before">The hash of the row before; 32 zero bytes for the first row.</param>
    /// <param name="number">The row's number, from 1.</param>
    /// <param name="entry">What happened; its time counts in whole milliseconds.</param>
    /// <returns>32 bytes.</returns>
    public static byte[] ComputeHash(ReadOnlySpan<byte> before, long number, AuditEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentOutOfRangeException.ThrowIfNotEqual(before.Length, HashSize);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Span<byte> numbers = stackalloc byte[17];
        BinaryPrimitives.WriteInt64BigEndian(numbers, number);
        BinaryPrimitives.WriteInt64BigEndian(numbers[8..], entry.At.ToUnixTimeMilliseconds());
        numbers[16] = entry.Allowed ? (byte)1 : (byte)0;
        hash.AppendData(before);
        hash.AppendData(numbers);
        foreach (var text in new[] { entry.Actor, entry.Action, entry.Outcome, entry.Tenant?.Value, entry.Session?.ToString(),
            entry.RemoteAddress, entry.Detail })
        {
            var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
            BinaryPrimitives.WriteInt32BigEndian(numbers, text is null ? -1 : bytes.Length);
            hash.AppendData(numbers[..4]);
            hash.AppendData(bytes);
        }

        return hash.GetHashAndReset();
    }
}
