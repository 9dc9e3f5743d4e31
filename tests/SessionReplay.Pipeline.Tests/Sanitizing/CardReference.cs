using System.Text;
using System.Text.RegularExpressions;

namespace SessionReplay.Pipeline.Tests.Sanitizing;

/// <summary>
/// Finds card numbers and social security numbers the slow and plain way: every group, every number of groups from it, brands as regular
/// expressions. For ASCII digits, and for separators of one or more spaces, a hyphen or a dot.
/// </summary>
internal static partial class CardReference
{
    /// <summary>Redacts until nothing is found any more: a number can stand alone once its neighbour is gone.</summary>
    public static string Redact(string text)
    {
        while (RedactOnce(text) is var next && next != text)
        {
            text = next;
        }

        return text;
    }

    private static string RedactOnce(string text)
    {
        var result = new StringBuilder(text);
        foreach (Match run in Runs().Matches(text))
        {
            var groups = Digits().Matches(run.Value).Select(match => (Start: run.Index + match.Index, match.Value)).ToList();
            for (var i = 0; i < groups.Count;)
            {
                var length = Enumerable.Range(1, groups.Count - i).Reverse().FirstOrDefault(count => IsFinding(text, groups, i, count));
                if (length == 0)
                {
                    i++;
                    continue;
                }

                var (start, end) = (groups[i].Start, groups[i + length - 1].Start + groups[i + length - 1].Value.Length);
                var marker = IsSocialSecurityNumber(text, groups, i, length) ? "[ssn]" : "[card]";
                var redacted = marker + new string('*', end - start - marker.Length);
                result.Remove(start, end - start).Insert(start, redacted);
                return result.ToString(0, start + redacted.Length) + Rest(text, end, start);
            }
        }

        return result.ToString();
    }

    // The rest of the text, which keeps what stands before it as its context.
    private static string Rest(string text, int end, int start)
    {
        var masked = text[..start] + new string('#', end - start) + text[end..];
        return RedactOnce(masked)[end..];
    }

    private static bool IsFinding(string text, List<(int Start, string Value)> groups, int i, int count) =>
        IsSocialSecurityNumber(text, groups, i, count) || IsCard(text, groups, i, count);

    private static bool IsCard(string text, List<(int Start, string Value)> groups, int i, int count)
    {
        var number = string.Concat(groups.Skip(i).Take(count).Select(group => group.Value));
        var separators = Enumerable.Range(i + 1, count - 1).Select(j => Kind(text, groups, j)).Distinct().ToList();
        var layout = string.Join('-', groups.Skip(i).Take(count).Select(group => group.Value.Length));
        if (separators.Count > 1 || !Brands().IsMatch(number) || !HasCheckDigit(number)
            || (count > 1 && !(separators[0] == '.' ? DotLayouts() : Layouts()).IsMatch(layout)))
        {
            return false;
        }

        var (start, end) = (groups[i].Start, groups[i + count - 1].Start + groups[i + count - 1].Value.Length);
        if (count == 1 && (Fraction().IsMatch(text[..start]) || MoreFraction().IsMatch(text[end..])))
        {
            return false;
        }

        var (before, after) = (LettersBefore().Match(text[..start]).Value, LettersAfter().Match(text[end..]).Value);
        return (before.Length == 0 && after.Length == 0)
            || (number.Length is 15 or 16 && !EndsWithDigit().IsMatch(text[..(start - before.Length)])
            && !BeginsWithDigit().IsMatch(text[(end + after.Length)..]));
    }

    private static bool IsSocialSecurityNumber(string text, List<(int Start, string Value)> groups, int i, int count)
    {
        if (count != 3 || !SsnForm().IsMatch(string.Join('-', groups.Skip(i).Take(3).Select(group => group.Value))))
        {
            return false;
        }

        var (kind, end) = (Kind(text, groups, i + 1), groups[i + 2].Start + 4);
        var before = i > 0 ? Kind(text, groups, i) : '\0';
        var after = i + 3 < groups.Count ? Kind(text, groups, i + 3) : '\0';
        return kind is '-' or ' ' && Kind(text, groups, i + 2) == kind
            && (kind == '-' ? before != '-' && after != '-' : before == '\0' && after == '\0')
            && (i > 0 || !AlphaNumericEnd().IsMatch(text[..groups[i].Start])) && !AlphaNumericStart().IsMatch(text[end..])
            && !MoreFraction().IsMatch(text[end..]) && !Fraction().IsMatch(text[..groups[i].Start]);
    }

    // The kind of the separator before a group.
    private static char Kind(string text, List<(int Start, string Value)> groups, int j)
    {
        var separator = text[(groups[j - 1].Start + groups[j - 1].Value.Length)..groups[j].Start];
        return separator.Contains('-', StringComparison.Ordinal) ? '-' : separator.Contains('.', StringComparison.Ordinal) ? '.' : ' ';
    }

    private static bool HasCheckDigit(string number) =>
        number.Reverse().Select((c, i) => i % 2 == 0 ? c - '0' : ((c - '0') * 2 / 10) + ((c - '0') * 2 % 10)).Sum() % 10 == 0;

    [GeneratedRegex(@"[0-9]+(?:(?:[ ]{1,4}(?:-[ ]{0,4})?|[-.][ ]{0,4})[0-9]+)*")]
    private static partial Regex Runs();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();

    [GeneratedRegex(
        "^(?:4(?:[0-9]{12}|[0-9]{15}|[0-9]{18})|(?:490[345]|4911)[0-9]{12,15}|4936[0-9]{8,15}|3[47][0-9]{13}|30[0-5][0-9]{11,16}|3095[0-9]{10,15}|3[689][0-9]{12,17}"
        + "|35(?:2[89]|[3-8][0-9])[0-9]{12,15}|50[0-9]{10,17}|5[1-5][0-9]{14}|5[678][0-9]{10,17}|220[0-5][0-9]{12,15}|2(?:22[1-9]|2[3-9][0-9]|[3-6][0-9]{2}|7[01][0-9]|720)[0-9]{12}"
        + "|60[0-9]{14}|6011[0-9]{12,15}|62[0-9]{14,17}|6304[0-9]{8,15}|633[1-4][0-9]{12,15}|63[67][0-9]{13}|6390(?:[0-9]{8,13}|[0-9]{15})|64[4-9][0-9]{13,16}|65[0-9]{14,17}"
        + "|67[0-9]{10,17}|8[12][0-9]{14,17}|8600[0-9]{12}|9792[0-9]{12}|9860[0-9]{12})$")]
    private static partial Regex Brands();

    [GeneratedRegex("^(?:4(?:-4)+-[1-7]|4-[1-7]|4-6-[45]|([2568])(?:-\\1)*-[1-7]|8(?:-8)+|6-[0-9]+)$")]
    private static partial Regex Layouts();

    [GeneratedRegex("^(?:4(?:-4)*-[1-4]|4-6-[45])$")]
    private static partial Regex DotLayouts();

    [GeneratedRegex("^(?!000|666|9)[0-9]{3}-(?!00)[0-9]{2}-(?!0000)[0-9]{4}$")]
    private static partial Regex SsnForm();

    [GeneratedRegex(@"(?:^|[^A-Za-z])\.$")]
    private static partial Regex Fraction();

    [GeneratedRegex(@"^\.[0-9]")]
    private static partial Regex MoreFraction();

    [GeneratedRegex("[A-Za-z]*$")]
    private static partial Regex LettersBefore();

    [GeneratedRegex("^[A-Za-z]*")]
    private static partial Regex LettersAfter();

    [GeneratedRegex("[0-9]$")]
    private static partial Regex EndsWithDigit();

    [GeneratedRegex("^[0-9]")]
    private static partial Regex BeginsWithDigit();

    [GeneratedRegex("[A-Za-z0-9]$")]
    private static partial Regex AlphaNumericEnd();

    [GeneratedRegex("^[A-Za-z0-9]")]
    private static partial Regex AlphaNumericStart();
}
