using System.Buffers.Binary;

namespace SessionReplay.Format;

/// <summary>The batches of an upload, each behind its length (docs/format/v1.md, section 2.1).</summary>
public static class BatchList
{
    /// <summary>The greatest number of batches of one upload.</summary>
    public const int MaxBatches = 16;

    /// <summary>The size of the length in front of a batch.</summary>
    public const int LengthSize = sizeof(uint);

    /// <returns>The bytes of the batches, in their order; at least one.</returns>
    /// <exception cref="FormatRejectedException">Rule U2 is broken.</exception>
    public static IReadOnlyList<Memory<byte>> Read(Memory<byte> list)
    {
        var batches = new List<Memory<byte>>();
        while (list.Length > 0)
        {
            if (batches.Count == MaxBatches)
            {
                throw new FormatRejectedException("U2", $"The upload has more than {MaxBatches} batches.");
            }

            var length = list.Length < LengthSize ? 0 : BinaryPrimitives.ReadUInt32BigEndian(list.Span);
            if (length == 0 || length > list.Length - LengthSize)
            {
                throw new FormatRejectedException("U2", "A length in the upload is 0, cut off, or runs past the end.");
            }

            batches.Add(list.Slice(LengthSize, (int)length));
            list = list[(LengthSize + (int)length)..];
        }

        return batches;
    }
}
