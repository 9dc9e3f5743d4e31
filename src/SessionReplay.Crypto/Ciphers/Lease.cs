namespace SessionReplay.Crypto.Ciphers;

/// <summary>A hold of a cipher that is given back once, however often it is disposed.</summary>
internal abstract class Lease<TCipher>(CipherCacheEntry entry) : IDisposable
    where TCipher : class, IDisposable
{
    private CipherCacheEntry? _entry = entry;

    protected TCipher Cipher => (TCipher)(_entry ?? throw new ObjectDisposedException(typeof(TCipher).Name)).Cipher;

    public void Dispose() => Interlocked.Exchange(ref _entry, null)?.Release();
}
