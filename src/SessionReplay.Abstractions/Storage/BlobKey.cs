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
        if (FindProblem(key) is { } problem)
        {
            throw new ArgumentException(problem, nameof(key));
        }
    }

    /// <summary>Returns whether the key is of the form that <see cref="IBlobStore"/> describes.</summary>
    /// <param name="key">The key.</param>
    public static bool IsValid(string key) => FindProblem(key) is null;

    private static string? FindProblem(string key)
    {
        if (key.Length is 0 or > MaxLength || key.AsSpan().ContainsAnyExcept(Allowed))
        {
            return $"A blob key has 1 to {MaxLength} letters, digits and '/', '_', '.', '-'.";
        }

        foreach (var segment in key.AsSpan().Split('/'))
        {
            if (key.AsSpan(segment) is "" or "." or "..")
            {
                return "A blob key has no empty segment, '.' or '..'.";
            }
        }

        return null;
    }
}
