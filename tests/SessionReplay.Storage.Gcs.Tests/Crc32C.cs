using System.Numerics;

namespace SessionReplay.Storage.Gcs.Tests;

/// <summary>The checksum of Google Cloud Storage.</summary>
internal static class Crc32C
{
    public static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc = BitOperations.Crc32C(crc, value);
        }

        return ~crc;
    }
}
