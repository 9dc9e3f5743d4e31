using System.Data.Common;
using System.Runtime.InteropServices;

namespace SessionReplay.Storage;

/// <summary>Reads bytes, and what may be null; writes bytes of which none are null in a database.</summary>
internal static class DbReaderExtensions
{
    public static byte[] Bytes(this DbDataReader row, int column) => row.GetFieldValue<byte[]>(column);

    public static byte[]? BytesOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.Bytes(column);

    /// <summary>
    /// Gives null for no bytes. A conditional expression of <see cref="ReadOnlyMemory{T}"/> and <see langword="null"/> would give no bytes.
    /// </summary>
    public static byte[]? ToArrayOrNull(this ReadOnlyMemory<byte> bytes) => bytes.IsEmpty ? null : bytes.ToArray();

    /// <summary>Gives the bytes as an array: without a copy when they are all of one.</summary>
    public static byte[] ToArrayOrSame(this ReadOnlyMemory<byte> bytes) =>
        MemoryMarshal.TryGetArray(bytes, out var part) && part.Array is { } array && part.Count == array.Length ? array : bytes.ToArray();

    public static string? TextOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    public static long? NumberOrNull(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);
}
