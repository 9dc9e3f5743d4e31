using System.Buffers;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>The form of a key or token of a well-known issuer: a fixed prefix, then a body.</summary>
/// <param name="Prefix">The prefix, as the issuer writes it.</param>
/// <param name="MinBody">The fewest bytes of the body.</param>
/// <param name="Body">The bytes that the body is made of.</param>
/// <param name="IsWordLike">Whether words of a language could follow the prefix too, so that the body must also hold a capital, or be one
/// run of letters and digits.</param>
/// <remarks>
/// Every body holds a digit: at random, one of 20 characters without any comes once in a thousand keys with capitals, names nearly always.
/// </remarks>
internal sealed record SecretFormat(byte[] Prefix, int MinBody, SearchValues<byte> Body, bool IsWordLike)
{
    // A longer body is redacted to its end all the same; only so much of it is looked at.
    private const int MaxLookedAt = 512;

    /// <summary>The length of a key that begins at an index, or 0.</summary>
    public int MatchLength(ReadOnlySpan<byte> text, int start)
    {
        if (!text[start..].StartsWith(Prefix) || !Bytes.IsWordStart(text, start))
        {
            return 0;
        }

        var from = start + Prefix.Length;
        var looked = text[from..Math.Min(text.Length, from + MaxLookedAt)];
        var length = looked.IndexOfAnyExcept(Body);
        looked = length < 0 ? looked : looked[..length];
        if (looked.Length < MinBody || !looked.ContainsAnyInRange((byte)'0', (byte)'9')
            || (IsWordLike && !looked.ContainsAnyInRange((byte)'A', (byte)'Z') && looked.ContainsAny((byte)'-', (byte)'_')))
        {
            return 0;
        }

        return Prefix.Length + (length < 0 ? Bytes.Run(text, from, Body) : length);
    }
}
