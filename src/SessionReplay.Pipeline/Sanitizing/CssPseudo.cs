using System.Collections.Frozen;
using System.Text;

namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>
/// The pseudo-classes and pseudo-elements that follow a colon in selectors (Selectors Level 4, and what browsers add with a prefix).
/// </summary>
internal static class CssPseudo
{
    private const int MaxLength = 24;

    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> Names =
        ("active after any-link autofill before blank checked current default defined dir disabled empty enabled first first-child first-letter first-line first-of-type focus "
        + "focus-visible focus-within fullscreen future has host host-context hover in-range indeterminate invalid is lang last-child last-of-type left link local-link modal not nth-child "
        + "nth-last-child nth-last-of-type nth-of-type only-child only-of-type open optional out-of-range past paused picture-in-picture placeholder placeholder-shown playing popover-open "
        + "read-only read-write required right root scope selection state target target-within user-invalid user-valid valid visited where")
        .Split(' ').ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>
    /// Whether a selector goes on at the start of a text: a name of the list, or one with a prefix, and then what may follow it.
    /// </summary>
    public static bool IsAt(ReadOnlySpan<byte> text)
    {
        var length = 0;
        while (length < text.Length && length <= MaxLength && (Bytes.IsLetter(text[length]) || text[length] == '-'))
        {
            length++;
        }

        if (length is 0 or > MaxLength)
        {
            return false;
        }

        Span<char> name = stackalloc char[MaxLength];
        Encoding.ASCII.GetChars(text[..length], name);
        return (text[0] == '-' || Names.Contains(name[..length]))
            && length < text.Length
            && text[length] is (byte)'{' or (byte)'(' or (byte)',' or (byte)':' or (byte)'.' or (byte)'>' or (byte)'+' or (byte)'~'
            or (byte)'[' or (byte)' ' or (byte)'\n';
    }
}
