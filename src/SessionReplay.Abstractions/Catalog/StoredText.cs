using System.Text;

namespace SessionReplay.Catalog;

/// <summary>Brings texts of the outside into a form that every database keeps and gives back unchanged.</summary>
public static class StoredText
{
    private const char Replacement = '\uFFFD';

    /// <summary>Replaces what some database refuses, or cuts a text at: the character NUL, and halves of surrogate pairs, which UTF-8 does not have.</summary>
    /// <param name="text">The text.</param>
    /// <returns>The text with U+FFFD in their place; the same object when there is none.</returns>
    public static string Of(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Contains('\0') || text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF')
            ? Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text)).Replace('\0', Replacement)
            : text;
    }
}
