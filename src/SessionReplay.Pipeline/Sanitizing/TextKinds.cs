namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Recognizes programs: they begin like one, end like one, and hold words that no prose and no form holds together. What surrounds code in
/// a log, a page or a message makes it data.
/// </summary>
internal static class TextKinds
{
    private const int MinScript = 80;
    private const int LookedAt = 64 * 1024;

    private static readonly byte[][] Signs = [
        .. new[] { "/*", "//", "!", "(", ";", "+function", "~function", "\"use ", "'use " }.Select(
            static text => System.Text.Encoding.ASCII.GetBytes(text))];

    private static readonly byte[][] Words =
    [
        .. new[]
        {
            "import", "export", "var", "let", "const", "function", "class", "async", "if", "try", "for", "window", "self", "this",
            "globalThis", "define", "require",
            "module", "exports", "document", "Object", "jQuery", "webpackJsonp",
        }.Select(static text => System.Text.Encoding.ASCII.GetBytes(text)),
    ];

    public static TextKind Of(ReadOnlySpan<byte> text)
    {
        if (text.Length < MinScript)
        {
            return TextKind.Data;
        }

        var head = text[..Math.Min(text.Length, LookedAt)];
        return BeginsLikeOne(head) && EndsLikeOne(text) && head.Contains((byte)'{') && head.Contains((byte)'(')
            && (head.IndexOf("function"u8) >= 0 || head.IndexOf("=>"u8) >= 0 || head.IndexOf("class "u8) >= 0
            || head.IndexOf("exports"u8) >= 0)
            && (head.IndexOf("return"u8) >= 0 || head.IndexOf("var "u8) >= 0 || head.IndexOf("const "u8) >= 0 || head.IndexOf("let "u8) >= 0
                || head.IndexOf("this."u8) >= 0)
            ? TextKind.Script
            : TextKind.Data;
    }

    private static bool BeginsLikeOne(ReadOnlySpan<byte> text)
    {
        text = (text.StartsWith("\uFEFF"u8) ? text[3..] : text).TrimStart(" \t\r\n"u8);
        foreach (var sign in Signs)
        {
            if (text.StartsWith(sign))
            {
                return true;
            }
        }

        foreach (var word in Words)
        {
            // "class: a function returns" is prose, and so is what goes on with a longer word.
            if (text.StartsWith(word) && text.Length > word.Length && !Bytes.IsLetter(text[word.Length])
                && text[word.Length] is not ((byte)':' or (byte)'='))
            {
                return true;
            }
        }

        return false;
    }

    private static bool EndsLikeOne(ReadOnlySpan<byte> text)
    {
        text = text.TrimEnd(" \t\r\n"u8);
        if (text.IsEmpty)
        {
            return false;
        }

        var line = text[(text.LastIndexOf((byte)'\n') + 1)..].TrimStart(" \t"u8);
        return text[^1] is (byte)';' or (byte)'}' or (byte)')' or (byte)']' || text.EndsWith("*/"u8) || line.StartsWith("//# source"u8);
    }
}
