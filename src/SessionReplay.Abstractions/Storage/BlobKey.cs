using System.Buffers;

namespace SessionReplay.Storage;

/// <summary>Checks the keys of objects, the same for every store.</summary>
public static class BlobKey
{
    /// <summary>The greatest length of a key in characters.</summary>
    public const int MaxLength = 512;

    private static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/_.-");

    /// <summary>Throws unless the key is of the form that <see cref="IBlobStore"/> describes.</summary>
    /// <param name="key">The key.</param>
    /// <exception cref="ArgumentException">The key is not of that form.</exception>
    public static void ThrowIfInvalid(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        if (key.Length is 0 or > MaxLength || key.AsSpan().ContainsAnyExcept(Allowed))
        {
            throw new ArgumentException($"A blob key has 1 to {MaxLength} letters, digits and '/', '_', '.', '-'.", nameof(key));
        }

        foreach (var segment in key.AsSpan().Split('/'))
        {
            if (key.AsSpan(segment) is "" or "." or "..")
            {
                throw new ArgumentException("A blob key has no empty segment, '.' or '..'.", nameof(key));
            }
        }
    }
}
