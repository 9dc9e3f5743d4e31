using System.Security.Cryptography;

namespace SessionReplay.Crypto.Ciphers;

/// <summary>32 secret bytes that the garbage collector never copies and that are zeroed at the end.</summary>
internal sealed class KeyMaterial : IDisposable
{
    public const int Size = 32;

    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(Size, pinned: true);

    public ReadOnlySpan<byte> Span => _bytes;

    public Memory<byte> Memory => _bytes;

    public static KeyMaterial CreateRandom()
    {
        var key = new KeyMaterial();
        RandomNumberGenerator.Fill(key._bytes);
        return key;
    }

    public void Dispose() => CryptographicOperations.ZeroMemory(_bytes);
}
