using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// The values of the attributes <c>type</c> and <c>autocomplete</c> that mark a secret field (HTML, section 4.10.18.7.1).
/// </summary>
internal static class FieldHints
{
    public static bool IsPasswordType(ReadOnlySpan<byte> type) => Ascii.EqualsIgnoreCase(type, "password"u8);

    /// <summary>A list of tokens, of which the last is the field's: <c>section-a billing cc-number</c>.</summary>
    public static bool IsSecretAutocomplete(ReadOnlySpan<byte> value)
    {
        var field = value[(value.LastIndexOf((byte)' ') + 1)..];
        return Ascii.EqualsIgnoreCase(field, "cc-number"u8) || Ascii.EqualsIgnoreCase(field, "cc-csc"u8)
            || Ascii.EqualsIgnoreCase(field, "one-time-code"u8)
            || Ascii.EqualsIgnoreCase(field, "current-password"u8) || Ascii.EqualsIgnoreCase(field, "new-password"u8);
    }
}
