namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>What a text is, which decides where the value of a name can stand in it.</summary>
internal enum TextKind
{
    /// <summary>Everything that is not one of the others: prose, URLs, forms, logs, JSON.</summary>
    Data,

    /// <summary>A program: <c>token = parser.next()</c> names no secret, but <c>token = "8f3a01c2"</c> does.</summary>
    Script,

    /// <summary>A stylesheet: names with values are selectors and properties. Only its URLs hold parameters.</summary>
    Css,
}

/// <summary>Recognizes programs, by words that no prose and no form holds together.</summary>
internal static class TextKinds
{
    private const int MinScript = 80;
    private const int LookedAt = 64 * 1024;

    public static TextKind Of(ReadOnlySpan<byte> text)
    {
        if (text.Length < MinScript)
        {
            return TextKind.Data;
        }

        var head = text[..Math.Min(text.Length, LookedAt)];
        return head.Contains((byte)'{') && head.Contains((byte)'(')
            && (head.IndexOf("function"u8) >= 0 || head.IndexOf("=>"u8) >= 0 || head.IndexOf("class "u8) >= 0 || head.IndexOf("exports"u8) >= 0)
            && (head.IndexOf("return"u8) >= 0 || head.IndexOf("var "u8) >= 0 || head.IndexOf("const "u8) >= 0 || head.IndexOf("let "u8) >= 0
                || head.IndexOf("this."u8) >= 0)
            ? TextKind.Script
            : TextKind.Data;
    }
}
