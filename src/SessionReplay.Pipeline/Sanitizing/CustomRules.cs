using System.Buffers;
using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Runs the application's own rules, which see characters and not bytes.</summary>
internal static class CustomRules
{
    public static void Redact(Span<byte> text, Sanitizer sanitizer, SanitizePass pass)
    {
        // Halves of surrogate pairs, which JSON can hold and UTF-8 can not, divide the text: rules see what lies between.
        while (!text.IsEmpty)
        {
            var lone = LoneSurrogate(text);
            RedactValid(lone < 0 ? text : text[..lone], sanitizer, pass);
            text = lone < 0 ? [] : text[(lone + 3)..];
        }
    }

    private static void RedactValid(Span<byte> text, Sanitizer sanitizer, SanitizePass pass)
    {
        if (text.IsEmpty)
        {
            return;
        }

        var characters = ArrayPool<char>.Shared.Rent(text.Length);
        try
        {
            for (var i = 0; i < sanitizer.CustomRules.Length; i++)
            {
                var length = Encoding.UTF8.GetChars(text, characters);
                Redact(text, characters.AsSpan(0, length), i, sanitizer, pass);
            }
        }
        finally
        {
            // What was read may be a secret.
            Array.Clear(characters);
            ArrayPool<char>.Shared.Return(characters, clearArray: true);
        }
    }

    private static void Redact(Span<byte> text, ReadOnlySpan<char> characters, int rule, Sanitizer sanitizer, SanitizePass pass)
    {
        var custom = sanitizer.CustomRules[rule];
        var from = 0;
        var bytesBefore = 0;
        while (from < characters.Length)
        {
            int index;
            int length;
            try
            {
                if (!custom.TryFind(characters[from..], out index, out length))
                {
                    return;
                }

                if (length < 1 || index < 0 || index > characters.Length - from - length)
                {
                    throw new InvalidOperationException("The rule returned a place outside of the text.");
                }
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                throw new SanitizingFailedException(custom.Name, e);
            }

            // A match never ends between the halves of a pair: the whole character goes.
            var start = from + index;
            var end = start + length;
            start -= start > 0 && char.IsLowSurrogate(characters[start]) ? 1 : 0;
            end += end < characters.Length && char.IsLowSurrogate(characters[end]) ? 1 : 0;
            bytesBefore += start < from ? 0 : Encoding.UTF8.GetByteCount(characters[from..start]);
            var bytes = Encoding.UTF8.GetByteCount(characters[Math.Max(start, from)..end]);
            pass.Redact(text.Slice(bytesBefore, bytes), sanitizer.RuleNames.Length - sanitizer.CustomRules.Length + rule);
            bytesBefore += bytes;
            from = end;
        }
    }

    private static int LoneSurrogate(ReadOnlySpan<byte> text)
    {
        var from = 0;
        while (text[from..].IndexOf((byte)0xED) is >= 0 and var found)
        {
            var i = from + found;
            if (i + 2 < text.Length && text[i + 1] >= 0xA0)
            {
                return i;
            }

            from = i + 1;
        }

        return -1;
    }
}
