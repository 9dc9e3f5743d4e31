using Google.Protobuf;

namespace SessionReplay.Pipeline.Tests.Batches;

/// <summary>Fields and messages of protobuf as bytes.</summary>
internal static class WireFields
{
    public static byte[] Append(byte[] message, byte[] field) => [.. message, .. field];

    public static byte[] Field(int number, ReadOnlySpan<byte> content)
    {
        using var stream = new MemoryStream();
        using (var output = new CodedOutputStream(stream))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteBytes(ByteString.CopyFrom(content));
        }

        return stream.ToArray();
    }
}
