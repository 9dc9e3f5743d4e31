using Microsoft.Data.Sqlite;

namespace SessionReplay.Storage.Sqlite;

/// <summary>An id is kept as its 16 bytes in the order of its text.</summary>
internal static class SqliteValues
{
    public static byte[] ToBytes(this Guid id) => id.ToByteArray(bigEndian: true);

    public static Guid Guid(this SqliteDataReader reader, int column) => new(reader.Bytes(column), bigEndian: true);
}
