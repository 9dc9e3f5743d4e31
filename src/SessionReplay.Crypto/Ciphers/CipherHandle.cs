namespace SessionReplay.Crypto.Ciphers;

/// <summary>A handle of a cipher in the cache: keeps it from being disposed until it is disposed itself.</summary>
internal abstract class CipherHandle<TCipher>(CipherCacheEntry entry) : IDisposable
    where TCipher : class, IDisposable
{
    private CipherCacheEntry? _entry = entry;

    protected TCipher Cipher => (TCipher)(_entry ?? throw new ObjectDisposedException(typeof(TCipher).Name)).Cipher;

    public void Dispose() => Interlocked.Exchange(ref _entry, null)?.Release();
}
