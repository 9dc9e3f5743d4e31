using System.Security.Cryptography;

namespace SessionReplay.Format.Tests;

/// <summary>Runs the vectors of uploads (docs/format/vectors).</summary>
public sealed class UploadVectorTests
{
    public static TheoryData<string> Vectors => [.. VectorFile.List("upload")];

    [Theory]
    [MemberData(nameof(Vectors))]
    public void Read_Vector_IsAsExpected(string name)
    {
        var vector = VectorFile.Read(name);
        if (vector.Rule is { } rule)
        {
            Assert.Equal(rule, Assert.Throws<FormatRejectedException>(() => Read(vector.Input)).Rule);
            return;
        }

        var (secret, batches) = Read(vector.Input);
        Assert.Equal(vector.Bytes("secret-sha256"), secret.Hash.ToArray());
        Assert.Equal(
            vector["batch-sha256"], string.Join(' ', batches.Select(batch => Convert.ToHexStringLower(SHA256.HashData(batch.Span)))));
    }

    private static (SessionSecret Secret, IReadOnlyList<Memory<byte>> Batches) Read(byte[] upload)
    {
        var (secret, content) = UploadFrame.Read(upload);
        return (secret, BatchList.Read(content));
    }
}
