using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// Finds the values of form fields whose name stands in an attribute: parts of a multipart form, elements of HTML and XML.
/// </summary>
internal static class FormText
{
    // How far from the name a value is looked for within a tag, and the headers of a part.
    private const int MaxTag = 1024;
    private const int MaxName = 256;
    private const int MaxPartHeader = 256;
    private const int MaxXmlValue = 4096;

    /// <summary>Whether an attribute names a field or says what is in it.</summary>
    public static bool IsNaming(ReadOnlySpan<byte> attribute) => attribute.Length switch
    {
        2 => Ascii.EqualsIgnoreCase(attribute, "id"u8),
        3 => Ascii.EqualsIgnoreCase(attribute, "key"u8),
        4 => Ascii.EqualsIgnoreCase(attribute, "name"u8) || Ascii.EqualsIgnoreCase(attribute, "type"u8),
        8 => Ascii.EqualsIgnoreCase(attribute, "property"u8),
        12 => Ascii.EqualsIgnoreCase(attribute, "autocomplete"u8),
        _ => false,
    };

    /// <summary>Redacts the value of the field that is named by the attribute's value at an index.</summary>
    public static void Redact(Span<byte> text, int start, SanitizePass pass)
    {
        if (start >= text.Length)
        {
            return;
        }

        var isQuoted = text[start] is (byte)'"' or (byte)'\'';
        ReadOnlySpan<byte> near = text[..Math.Min(text.Length, start + MaxName)];
        var end = isQuoted ? TextValue.QuotedEnd(near, start) : TextValue.End(near, start, isParameter: false);
        var name = text[(isQuoted ? start + 1 : start)..end];
        if (name.IsEmpty || !(pass.IsSecretName(name) || FieldHints.IsSecretAutocomplete(name)))
        {
            return;
        }

        if (IsPartHeader(text[..start]))
        {
            RedactPart(text, end, pass);
        }
        else
        {
            RedactAttribute(text, start, end, pass);
        }
    }

    /// <summary>Redacts the content of XML elements with secret names.</summary>
    public static void RedactElements(Span<byte> text, SanitizePass pass)
    {
        var from = 0;
        while (text[from..].IndexOf("</"u8) is >= 0 and var found)
        {
            var close = from + found;
            from = close + 2;
            var length = text[from..Math.Min(text.Length, from + MaxName)].IndexOf((byte)'>');
            if (length <= 0 || !pass.IsSecretName(text.Slice(from, length)))
            {
                continue;
            }

            var earliest = Math.Max(0, close - MaxXmlValue);
            var open = text[earliest..close].LastIndexOf((byte)'>');
            if (open >= 0)
            {
                TextValue.Redact(text[(earliest + open + 1)..close], pass);
            }
        }
    }

    /// <summary>Whether what ends here is the header of a part of a multipart form.</summary>
    public static bool IsPartHeader(ReadOnlySpan<byte> before)
    {
        var line = before[Math.Max(0, before.Length - MaxPartHeader)..];
        return line[(line.LastIndexOf((byte)'\n') + 1)..].IndexOf("form-data"u8) >= 0;
    }

    // name="password", the end of the line, other headers, an empty line, the value, a line that begins with the boundary.
    private static void RedactPart(Span<byte> text, int end, SanitizePass pass)
    {
        var headers = text[end..Math.Min(text.Length, end + MaxTag)];
        var (blank, length) = (headers.IndexOf("\r\n\r\n"u8), 4);
        if (blank < 0)
        {
            (blank, length) = (headers.IndexOf("\n\n"u8), 2);
        }

        if (blank < 0)
        {
            return;
        }

        var start = end + blank + length;
        var size = text[start..].IndexOf("\n--"u8);
        var value = size < 0 ? text[start..] : text.Slice(start, size);
        TextValue.Redact(value.EndsWith("\r"u8) ? value[..^1] : value, pass);
    }

    private static void RedactAttribute(Span<byte> text, int start, int end, SanitizePass pass)
    {
        var earliest = Math.Max(0, start - MaxTag);
        var open = text[earliest..start].LastIndexOf((byte)'<');
        var rest = text[end..Math.Min(text.Length, end + MaxTag)];
        var close = rest.IndexOf((byte)'>');
        if (open < 0 || text[(earliest + open)..start].Contains((byte)'>'))
        {
            return;
        }

        var tag = text[(earliest + open)..(close < 0 ? end + rest.Length : end + close)];
        RedactAttribute(tag, " value="u8, pass);
        RedactAttribute(tag, " content="u8, pass);
    }

    private static void RedactAttribute(Span<byte> tag, ReadOnlySpan<byte> attribute, SanitizePass pass)
    {
        var value = tag.IndexOf(attribute) + attribute.Length;
        if (value < attribute.Length || value >= tag.Length)
        {
            return;
        }

        var isQuoted = tag[value] is (byte)'"' or (byte)'\'';
        TextValue.Redact(
            isQuoted ? tag[(value + 1)..TextValue.QuotedEnd(tag, value)] : tag[value..TextValue.End(tag, value, isParameter: false)], pass);
    }
}
