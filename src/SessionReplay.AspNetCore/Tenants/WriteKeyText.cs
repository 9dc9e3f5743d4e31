using System.Security.Cryptography;

namespace SessionReplay.AspNetCore;

/// <summary>The text forms of write keys and origins.</summary>
internal static class WriteKeyText
{
    /// <summary>Makes a new write key, to be shown in an error as something to paste.</summary>
    public static string Create() => $"wk_{RandomNumberGenerator.GetHexString(24, lowercase: true)}";

    /// <summary>Whether a text is an origin as a browser writes it, or <c>*</c>.</summary>
    public static bool IsOrigin(string? text) =>
        text == "*"
        || (Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            && string.Equals(uri.GetLeftPart(UriPartial.Authority), text.TrimEnd('/'), StringComparison.OrdinalIgnoreCase)
            && !text.EndsWith('/'));
}
